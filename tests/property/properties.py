"""What holds for every contract: the table of properties, and how they are run over a drawn one.

Each takes a drawn contract, loaded from its schema files, and draws the values that it needs.
"""

from __future__ import annotations

import copy
import io
import keyword
import pickle
import re
from itertools import permutations
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import msgspec
from hypothesis import strategies as st

import convtool.testing as product
from convtool.authoring.check import check_folder
from convtool.authoring.derive import derive
from convtool.authoring.help_page.write import from_help
from convtool.catalog import Catalog
from convtool.errors import ContractError, PayloadError
from convtool.formats.xml.envelope import VERSIONS, around
from convtool.model.contract import Record
from convtool.model.defaults import default_of, has_kept
from convtool.model.instance import Value
from convtool.model.spelling import camel
from convtool.operations import Operation
from convtool.sample import sample
from convtool.testing.generate import Generator
from convtool.testing.stub.help import help_page
from tests.property.drawn import reached
from tests.property.folders import files, write
from tests.property.lanes import assert_lanes_agree, assert_streams_agree, same
from tests.property.losses import PROFILES, assert_no_loss_in_silence, documents
from tests.property.mutations import mutated, payload
from tests.property.strategies import values
from tests.property.verdicts import References, assert_json_verdict, assert_xml_verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from convtool.convert import Codec
    from convtool.findings import Diagnostic
    from tests.property.folders import Subject

__all__ = ["PROPERTIES", "hold"]

FORMS = st.sampled_from(["xml", "json"])
_LARGE = 2_000_000  # bytes: no sample is for people that is larger


def hold(subject: Subject, data: st.DataObject, only: Collection[str] = ()) -> None:
    """Run every property, or some of them, over a contract; what fails says which one it was, and of what contract."""
    for name, check in PROPERTIES.items():
        if only and name not in only:
            continue
        try:
            check(subject, data)
        except Exception as error:
            error.add_note(f"the property {name!r} of the contract {subject.drawn!r}")
            raise


# --- the files ------------------------------------------------------------------------------------------------------


def loaded(subject: Subject, _data: st.DataObject) -> None:
    """What is loaded is what was drawn, and the folder is sound."""
    wanted = reached(subject.drawn)
    assert subject.model.types == wanted.types
    assert subject.model.derived == wanted.derived
    assert not check_folder(subject.folder), check_folder(subject.folder)


def derived(subject: Subject, data: st.DataObject) -> None:
    """The JSON half that is derived from XSDs and samples has the order that was written, where they show it."""
    folder = subject.folder.with_name(f"{subject.folder.name}-derived")
    texts = files(subject.drawn)
    of, name = subject.codec, subject.codec.name
    made = {f"{name}.json": data.draw(values(of, told=True)), f"{name}.all.json": sample(of.model, of.instances)}
    shown = {file: of.write_json(value) for file, value in made.items()}
    pairs = {file.replace(".json", ".xml"): of.write_xml(value) for file, value in made.items()}
    texts.pop(f"{name}.schema.json")
    try:
        write(texts, folder)
        for file, text in (shown | pairs).items():
            (folder / file).write_bytes(text)
        try:
            [half] = derive([folder], roots=[name], order_from=[folder / file for file in (*shown, *pairs)])
        except ContractError as error:
            if "in JSON" in str(error) or _alike(of):  # samples leave open which of two members has a name
                return
            raise
        (folder / half.file).write_text(half.text(), encoding="utf-8")
        orders = Catalog(folder).contract(half.name).model.types
    finally:
        _remove(folder)
    if not all(_is_plainly_named(kind) for kind in of.model.types.values() if isinstance(kind, Record)):
        return
    for key, one in records(of, [of.read(text, format="json") for text in shown.values()]):
        kind, made_kind = of.model.types[key], orders[key]
        assert isinstance(kind, Record)
        assert isinstance(made_kind, Record)
        left_out = [member for member in kind.members if not member.emit_default or member.omits_null]
        if not left_out and msgspec.UNSET not in msgspec.structs.astuple(one):
            wanted = _in_json(kind)  # a member of which samples show only null may have another name as well
            assert [called for called in _in_json(made_kind) if called in wanted] == wanted, key


def _is_plainly_named(kind: Record) -> bool:
    """Tell whether names in JSON are told by those in XML; others are told by values, if they are there."""
    plain = all(member.json_name in (member.name, camel(member.name)) for member in kind.members)
    return plain and len({camel(member.name).lower() for member in kind.members}) == len(kind.members)


def _alike(of: Codec) -> bool:
    """Tell whether a record has two members of which one may be called as the other is, but for the case of letters."""
    kinds = [kind.members for kind in of.model.types.values() if isinstance(kind, Record)]
    return any(
        one.name.lower() in (other.name.lower(), other.json_name.lower())
        for members in kinds
        for one, other in permutations(members, 2)
    )


def _in_json(kind: Record) -> list[str]:
    """Give the names of a record in JSON, in order."""
    return [kind.members[index].json_name for index in kind.order if kind.members[index].in_json]


# --- values ---------------------------------------------------------------------------------------------------------


def settled(of: Codec, value: Any) -> Any:
    """Give a value with one form for what a format does not tell.

    That is defaults of EmitDefaultValue=false, null where JSON leaves it out, and members that one format alone has.
    """
    if isinstance(value, dict):
        return {key: settled(of, one) for key, one in value.items()}
    if not isinstance(value, Value):
        return [settled(of, one) for one in value] if isinstance(value, list) else value
    [(key, _)] = records(of, value, deep=False)
    kind = of.model.types[key]
    assert isinstance(kind, Record)
    held = [settled(of, one) for one in msgspec.structs.astuple(value)]
    for at, member in enumerate(kind.members[index] for index in kind.order):
        if not (member.in_xml and member.in_json):
            held[at] = msgspec.UNSET  # one of the formats has nothing of it
        elif member.omits_null and held[at] in (None, msgspec.UNSET):
            held[at] = None
        elif not member.emit_default:
            default = settled(of, default_of(of.model.types, of.instances.classes, member))
            held[at] = msgspec.UNSET if held[at] == default else held[at]
    return type(value)(*held)


def round_trips(subject: Subject, data: st.DataObject) -> None:
    """A value survives both formats, and the wire form is a fixed point."""
    of = subject.codec
    value = _read(of, data.draw(values(of, told=True)))
    for to, written in (("xml", of.write_xml), ("json", of.write_json)):
        assert same(settled(of, of.read(written(value), format=to)), settled(of, value))
        assert same(settled(of, of.read(written(value, pretty=True), format=to)), settled(of, value))
        again = of.read(written(value), format=to)  # a struct whose one value JSON never has is its default there
        assert of.convert(written(value), to, format=to).data == written(again)
        assert of.convert(written(value, pretty=True), to, format=to).data == written(again)
        assert written(again) == written(value) or has_kept(of.model)
    whole = _read(of, data.draw(values(of)))  # of types too that JSON does not tell
    assert same(settled(of, of.read(of.write_xml(whole))), settled(of, whole))


def _read(of: Codec, value: Any) -> Any:
    """Give a value with what markup of any shape has once it has been read: the prefixes around it."""
    return of.read(of.write_xml(value)) if b'"#xml"' in of.write_json(value) else value


def undone(subject: Subject, data: st.DataObject) -> None:
    """Conversions can be undone byte for byte."""
    of = subject.codec
    value = data.draw(values(of, exact=True, told=True))
    xml, json = of.write_xml(value), of.write_json(value)
    assert of.convert(xml, "json", format="xml", lossless=True).data == json
    assert of.convert(json, "xml", format="json", lossless=True).data == xml


def compared(subject: Subject, data: st.DataObject) -> None:
    """A value is the same as itself in either format; two values are the same where they say the same."""
    of = subject.codec
    one, other = data.draw(values(of, exact=True, told=True)), data.draw(values(of, exact=True, told=True))
    assert of.compare(of.write_xml(one), of.write_json(one, pretty=True)) == []
    # Null and absent are two things to compare, and one where EmitDefaultValue=false or JSON leaves nulls out.
    are_same = not of.compare(of.write_json(one), of.write_xml(other))
    if same(one, other) or not same(settled(of, one), settled(of, other)):
        assert are_same == same(one, other)


def pickled(subject: Subject, data: st.DataObject) -> None:
    """Codecs and values travel to other processes, are copied, and show what they hold."""
    of = subject.codec
    value = data.draw(values(of))
    again = pickle.loads(pickle.dumps(of))
    assert again.model == of.model
    assert again.write_xml(again.read(of.write_xml(value))) == of.write_xml(of.read(of.write_xml(value)))
    for copied in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):
        assert same(copied, value)
        assert of.write_xml(copied) == of.write_xml(value)
        assert repr(copied) == repr(value)


def members(subject: Subject, data: st.DataObject) -> None:
    """Every member is reached by its name as a text, and as an attribute only where Python means the same by it."""
    of = subject.codec
    assert len(of.types) == len(of.instances.classes) + len(of.instances.parts)
    for key, value in records(of, data.draw(values(of))):
        kind = of.model.types[key]
        assert isinstance(kind, Record)
        assert list(value) == [kind.members[index].name for index in kind.order]
        held = msgspec.structs.astuple(value)
        for name, one in zip(value, held, strict=True):
            assert value[name] is one
            plain = name.isidentifier() and not keyword.iskeyword(name)
            if plain and hasattr(value, name) and not re.fullmatch(r"_\d+", name):  # _0 is a field's own name
                spoken = eval(f"value.{name}", {"value": value})
                assert spoken is one or name.startswith("__") or callable(spoken)
        assert type(value).of(dict(zip(value, held, strict=True))) == value or repr(value).count("nan")


def prefixes(subject: Subject, data: st.DataObject) -> None:
    """Prefixes are .NET's: ``d``, the depth of the element that declares them, ``p``, a number from 1."""
    value = data.draw(values(subject.codec, xml_1_0=True))
    text = subject.codec.write_xml(value)
    if b'"#xml"' in subject.codec.write_json(value):
        return  # markup of any shape has prefixes of its own
    inside: list[str] = []  # the namespaces that have a prefix, with an empty text for each element between
    declared: list[str] = []
    for event, found in ElementTree.iterparse(io.BytesIO(text), ["start-ns", "start", "end"]):
        if event == "start-ns" and found[0] not in ("", "i", "z"):
            declared.append(found[1])
            assert found[0] == f"d{inside.count('') + 1}p{len(declared)}", text
            assert found[1] not in inside, text
        elif event == "start":
            inside += [*declared, ""]
            declared = []
        elif event == "end":
            inside.pop()
            while inside and inside[-1]:
                inside.pop()


# --- payloads -------------------------------------------------------------------------------------------------------


def lanes(subject: Subject, data: st.DataObject) -> None:
    """Whatever the quick way gives equals what the careful lane gives."""
    of = subject.codec
    for form in ("xml", "json"):
        for one in (payload(of, form), mutated(of, form)):
            profile, lossless = data.draw(PROFILES), data.draw(st.booleans())
            assert_lanes_agree(of, form, data.draw(one), profile, lossless=lossless)


def streams(subject: Subject, data: st.DataObject) -> None:
    """Payloads in pieces give what whole ones give."""
    of, form = subject.codec, data.draw(FORMS)
    text = data.draw(st.one_of(payload(of, form), mutated(of, form)))
    assert_streams_agree(of, form, text, data.draw(PROFILES), data.draw(st.integers(1, max(1, len(text)))))


def envelopes(subject: Subject, data: st.DataObject) -> None:
    """A document in a SOAP envelope has the findings that it has alone, some bytes further on, and becomes the same."""
    of, profile = subject.codec, data.draw(PROFILES)
    text = data.draw(st.one_of(payload(of, "xml"), mutated(of, "xml")))
    before, behind = around(data.draw(st.sampled_from(sorted(VERSIONS))))
    assert_lanes_agree(of, "xml", before + text + behind, profile)
    alone = of.validate(text, profile=profile)
    broken = any(one.code.startswith(("xml.", "input.", "limit.", "root.")) for one in alone)
    if broken or not re.match(rb"<[^?!]", text) or not re.search(rb"[^?-]>$", text):
        return  # what stands around the root, and what is no document, is another one within an envelope
    if alone.counts()["error"] and not _is_document(text):
        return  # what ends the reading of a list is told, and not what stands behind its root
    within = of.validate(before + text + behind, profile=profile)
    found = [(one.code, one.path, one.count, _offset(one)) for one in within]
    wanted = [(one.code, one.path, one.count, _offset(one, len(before))) for one in alone]
    assert bool(within) == bool(alone)
    if of.model.item is None:
        assert found == wanted
    else:  # alone it streams: what is between its records comes with each of them, and a wrong root ends it
        assert {code for code, *_ in wanted} <= {code for code, *_ in found}
    if alone:
        for to in ("xml", "json"):
            assert _written(of, before + text + behind, to, profile) == _written(of, text, to, profile)


def _is_document(text: bytes) -> bool:
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return False
    return True


def _offset(found: Diagnostic, more: int = 0) -> int:
    return found.location.offset + more if found.location is not None else -1


def _written(of: Codec, text: bytes, to: Any, profile: Any) -> tuple[bytes, list[str]]:
    try:
        result = of.convert(text, to, profile=profile)
    except PayloadError as error:
        return b"", [one.code for one in error.report]
    return result.data, [one.code for one in result.report]


def losses(subject: Subject, data: st.DataObject) -> None:
    """What reports no loss can be undone."""
    of, form, to, profile = subject.codec, data.draw(FORMS), data.draw(FORMS), data.draw(PROFILES)
    assert_no_loss_in_silence(of, form, to, data.draw(documents(of, form, profile)), profile)


def verdicts(subject: Subject, data: st.DataObject) -> None:
    """Never valid where the reference libraries say invalid, and seldom the other way round."""
    of, references = subject.codec, References(subject.folder, subject.codec.name)
    assert_xml_verdict(of, references, data.draw(mutated(of, "xml")))
    assert_json_verdict(of, references, data.draw(mutated(of, "json")), told=subject.drawn.is_told)


# --- what people are given ------------------------------------------------------------------------------------------


def samples(subject: Subject, data: st.DataObject) -> None:
    """Samples, plain and seeded, are valid and of a size for people, however freely records refer to each other."""
    of = subject.codec
    for value in (sample(of.model, of.instances), Generator(of, data.draw(st.integers(0, 99))).value()):
        xml, json = of.write_xml(value), of.write_json(value)
        assert max(len(xml), len(json)) < _LARGE
        assert of.validate(xml), of.validate(xml).text()
        assert of.validate(json), of.validate(json).text()


def strategies(subject: Subject, data: st.DataObject) -> None:
    """What convtool.testing's strategies give is valid, or breaks the rule that it is said to break."""
    of = subject.codec
    for form in ("xml", "json"):
        good = data.draw(product.payloads(of, format=form))  # type: ignore[arg-type]
        assert of.validate(good, format=form), of.validate(good, format=form).text()  # type: ignore[arg-type]
        bad = data.draw(product.invalid_payloads(of, format=form))  # type: ignore[arg-type]
        report = of.validate(bad.payload)
        assert bad.code in {one.code for one in report if one.severity == "error"}, (bad, report.text())


def help_pages(subject: Subject, _data: st.DataObject) -> None:
    """The stub's help page shows every contract, and gives its types again where pages say enough."""
    name = subject.codec.name
    operation = Operation("POST", "api/orders", request=name, response=name)
    page = subject.folder.with_name(f"{subject.folder.name}.html")
    try:
        page.write_text(help_page(subject.catalog, [operation]), encoding="utf-8")
        made = from_help([page], namespace=subject.model.namespace)
    except ContractError:
        return  # a page says too little of a derived type, of a dictionary's key
    finally:
        page.unlink(missing_ok=True)
    assert [one.name for one in made.contracts] == [name]
    root, wanted = made.contracts[0].root_type, subject.model.root_type
    plain = isinstance(wanted, Record) and all(
        member.in_xml and member.in_json and member.json_name == member.name for member in wanted.members
    )
    if isinstance(root, Record) and isinstance(wanted, Record) and plain:
        assert {member.name for member in root.members} == {member.name for member in wanted.members}


PROPERTIES: dict[str, Callable[[Subject, st.DataObject], None]] = {
    check.__name__: check
    for check in (
        loaded, round_trips, undone, members, prefixes, lanes, streams, envelopes, losses, verdicts, compared, samples,
        strategies, help_pages, derived, pickled,
    )
}  # fmt: skip


def records(of: Codec, value: Any, *, deep: bool = True) -> Iterator[tuple[str, Any]]:
    """Yield the records in a value, each with the key of its type; not ``deep``: the value alone."""
    if isinstance(value, Value):
        yield next(key for key, cls in of.instances.classes.items() if cls is type(value)), value
        for one in msgspec.structs.astuple(value) if deep else ():
            yield from records(of, one)
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from records(of, one)


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
