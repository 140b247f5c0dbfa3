"""Which namespaces an element's tags declare, and with which prefixes."""

from convtool.formats.xml.layout import Layout, Scope
from convtool.model.contract import Array, Contract, Member, Scalar
from tests.support import member, model, record

ROOT = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:t"'


def test_the_root_declares_what_every_document_does() -> None:
    tags = Layout(model("R", record("R"))).root()
    assert (tags.open, tags.close) == (f"<Root {ROOT}>", "</Root>")
    assert (tags.empty, tags.nil) == (f"<Root {ROOT} />", f'<Root i:nil="true" {ROOT} />')
    assert tags.scope == Scope("urn:t")


def test_a_member_of_the_same_namespace_declares_nothing() -> None:
    contract = model("R", record("R", member("A", "urn:int", nillable=True)))
    layout = Layout(contract)
    tags = layout.tags(member("A", "urn:int", nillable=True), 2, Scope("urn:t"))
    assert (tags.open, tags.close, tags.empty, tags.nil) == ("<A>", "</A>", "<A />", '<A i:nil="true" />')
    assert layout.plain


def test_a_member_of_another_namespace_redeclares_the_default_one() -> None:
    contract = model("R", record("R"))
    tags = Layout(contract).tags(Member("A", "urn:base", "urn:int", True), 2, Scope("urn:t"))
    assert tags.open == '<A xmlns="urn:base">'
    assert tags.nil == '<A i:nil="true" xmlns="urn:base" />'
    assert tags.scope.default == "urn:base"


def test_a_base_class_of_another_namespace_declares_a_prefix_for_content_of_the_derived_one() -> None:
    inner = record("Inner")
    contract = model("R", record("R", Member("A", "urn:base", inner.key, True)), inner)
    layout = Layout(contract)
    assert not layout.plain
    tags = layout.tags(Member("A", "urn:base", inner.key, True), 2, Scope("urn:t"))
    assert tags.open == '<A xmlns:d2p1="urn:t" xmlns="urn:base">'


def listed() -> Contract:
    """Give a contract with a list whose items are in the namespace that .NET has for lists of values."""
    items = Array("{urn:arrays}ArrayOfstring", Member("string", "urn:arrays", "urn:string", True))
    return model("R", record("R", member("A", items.key, nillable=True)), items)


def test_content_of_another_namespace_gets_a_prefix_that_counts_the_depth() -> None:
    contract = listed()
    layout = Layout(contract)
    assert not layout.plain
    of = member("A", "{urn:arrays}ArrayOfstring", nillable=True)
    two = layout.tags(of, 2, Scope("urn:t"))
    assert two.open == '<A xmlns:d2p1="urn:arrays">'
    assert layout.tags(of, 5, Scope("urn:t")).open == '<A xmlns:d5p1="urn:arrays">'
    item = layout.tags(Member("string", "urn:arrays", "urn:string", True), 3, two.scope)
    assert (item.open, item.close, item.nil) == ("<d2p1:string>", "</d2p1:string>", '<d2p1:string i:nil="true" />')


def test_a_list_of_content_in_a_third_namespace_declares_that_as_well_but_not_where_it_is_nil() -> None:
    inner = record("Inner")
    items = Array("{urn:lists}L", Member("Inner", "urn:lists", inner.key, True))
    layout = Layout(model("R", record("R", Member("A", "urn:base", items.key, True)), items, inner))
    tags = layout.tags(Member("A", "urn:base", items.key, True), 2, Scope("urn:base"))
    assert tags.open == '<A xmlns:d2p1="urn:lists" xmlns:d2p2="urn:t">'
    assert tags.nil == '<A xmlns:d2p1="urn:lists" i:nil="true" />'
    assert layout.tags(items.item, 3, tags.scope).open == "<d2p1:Inner>"


def test_a_namespace_in_force_is_not_declared_again() -> None:
    scope = Scope("urn:t", (("urn:arrays", "d2p1"),))
    of = member("A", "{urn:arrays}ArrayOfstring", nillable=True)
    assert Layout(listed()).tags(of, 3, scope).open == "<A>"


def test_prefixes_are_found_by_namespace() -> None:
    scope = Scope("urn:t", (("urn:arrays", "d2p1"),))
    assert [scope.prefix(name) for name in ("urn:t", "urn:arrays", "urn:other")] == ["", "d2p1", None]


def test_attributes_are_escaped() -> None:
    contract = Contract("Root", 'urn:"a&b<', "urn:int", {"urn:int": Scalar("urn:int", "int")})
    assert 'xmlns="urn:&quot;a&amp;b&lt;"' in Layout(contract).root().open
