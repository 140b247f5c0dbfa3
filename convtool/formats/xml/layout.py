"""How .NET writes an element's tags: which namespaces it declares, and with which prefixes.

Source: recordings (contracts' ``wire.jsonl``; ``tests/conformance/dotnet``).

- An element in another namespace than the default one, with no prefix for it, redeclares the default namespace; the
  declaration stands behind the other attributes.
- An object of an IsReference type carries ``z:Id``; a value of a derived type carries ``i:type``. Both stand before the
  declarations that they need.
- A member whose *type* has content of another namespace than the class that declares the member, which is its element's
  namespace, declares a prefix for it first: ``d``, the element's depth, ``p1``. A list whose items' content is of
  another namespace than the items declares one for that, too. A namespace in force already is not declared again.

Writers and fast lanes derive their text from this one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from convtool.model.contract import SERIALIZATION, XSI, Array, Contract, Dictionary, Member, Record, split_key
from convtool.model.datatypes import record_of
from convtool.model.escapes import in_attribute

if TYPE_CHECKING:
    from convtool.model.contract import Type

__all__ = ["NUMBER", "Layout", "Scope", "Tags"]

NUMBER = "\0"  # stands in a start tag for the number of an object that carries z:Id


class Scope(msgspec.Struct, frozen=True):
    """The namespaces in force: the default one, and (namespace, prefix) pairs."""

    default: str
    prefixes: tuple[tuple[str, str], ...] = ()

    def prefix(self, namespace: str) -> str | None:
        """Give the prefix of a namespace: empty for the default one, None where there is none."""
        if namespace == self.default:
            return ""
        return next((prefix for known, prefix in self.prefixes if known == namespace), None)

    def namespaces(self) -> dict[str, str]:
        """Give the namespaces by prefix; the default one's is empty."""
        return {"": self.default, **{prefix: namespace for namespace, prefix in self.prefixes}}


class Tags(msgspec.Struct, frozen=True):
    """The tags of one element in its place: ``<X …>``, ``</X>``, and the forms for empty and nil.

    And its content's scope.
    """

    open: str
    close: str
    empty: str
    nil: str
    scope: Scope

    def numbered(self, number: int) -> Tags:
        """Give the tags of an object with an identity: z:Id is its number."""
        text = str(number)
        return replace(self, open=self.open.replace(NUMBER, text), empty=self.empty.replace(NUMBER, text))


class Layout:
    """The tags of a contract's elements, by member, depth and scope."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.types = contract.types
        self._cache: dict[tuple[str, str, str, str, int, Scope], Tags] = {}
        # Where no prefix is ever declared, tags do not depend on depth.
        self.plain = not contract.derived and not any(self._declares(kind) for kind in contract.types.values())

    def _declares(self, kind: Type) -> bool:
        members = kind.members if isinstance(kind, Record) else (kind.item,) if isinstance(kind, Array) else ()
        return isinstance(kind, Dictionary) or any(self._foreign(member) for member in members)

    def _foreign(self, member: Member) -> str:
        """Give the namespace of a member's content, where it is another than the member's own."""
        namespace = self.content_namespace(member.type)
        return namespace if namespace != member.namespace else ""

    def root(self, type_key: str = "") -> Tags:
        """Give the tags of the document's root; ``type_key`` is its value's type, where that is a derived one."""
        contract = self.contract
        name, namespace = contract.tag, in_attribute(contract.namespace)
        last = f' xmlns="{namespace}"' if namespace else ""  # without one there is nothing to declare
        nil = f'<{name} i:nil="true" xmlns:i="{XSI}"{last} />'
        attributes, behind, scope = self._typed(
            contract.root, type_key or contract.root, 1, 1, Scope(contract.namespace)
        )
        inner, scope = self._inner(type_key or contract.root, 1, 1, scope)
        head = f'<{name} xmlns:i="{XSI}"{attributes}{behind}{inner}{last}'
        return Tags(f"{head}>", f"</{name}>", f"{head} />", nil, scope)

    def tags(self, member: Member, depth: int, scope: Scope, type_key: str = "") -> Tags:
        """Give a member's tags at ``depth`` (the root is 1); ``type_key`` is a derived type."""
        key = (member.name, member.namespace, member.type, type_key, depth, scope)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._tags(member, depth, scope, type_key or member.type)
        return found

    def _tags(self, member: Member, depth: int, scope: Scope, type_key: str) -> Tags:
        prefix, late = scope.prefix(member.namespace), ""
        if prefix is None:
            prefix, late = "", f' xmlns="{in_attribute(member.namespace)}"'
            scope = Scope(member.namespace, scope.prefixes)
        name = f"{prefix}:{member.name}" if prefix else member.name
        declared, count = "", 1
        namespace = self._foreign(member)
        if namespace and scope.prefix(namespace) is None:
            declared = f' xmlns:d{depth}p{count}="{in_attribute(namespace)}"'
            scope = Scope(scope.default, (*scope.prefixes, (namespace, f"d{depth}p{count}")))
            count += 1
        nil = f'<{name}{declared} i:nil="true"{late} />'
        attributes, behind, scope = self._typed(member.type, type_key, depth, count, scope)
        inner, scope = self._inner(type_key, depth, count, scope)
        head = f"<{name}{declared}{attributes}{behind}{inner}{late}"
        return Tags(f"{head}>", f"</{name}>", f"{head} />", nil, scope)

    def _inner(self, key: str, depth: int, count: int, scope: Scope) -> tuple[str, Scope]:
        """Give the declaration of what a list's items hold, which stands at the list, and the scope."""
        kind = self.types[key]
        namespace = self._foreign(kind.item) if isinstance(kind, Array) else ""
        if not namespace or scope.prefix(namespace) is not None:
            return "", scope
        prefix = f"d{depth}p{count}"
        return f' xmlns:{prefix}="{in_attribute(namespace)}"', Scope(
            scope.default, (*scope.prefixes, (namespace, prefix))
        )

    def _typed(self, declared: str, actual: str, depth: int, count: int, scope: Scope) -> tuple[str, str, Scope]:
        """Give the attributes z:Id and i:type of a value, the declarations that these bring, and the scope."""
        attributes = behind = ""
        kind = self.types[actual]
        if isinstance(kind, Record) and kind.is_reference:
            attributes = f' z:Id="i{NUMBER}"'
            if scope.prefix(SERIALIZATION) is None:
                behind = f' xmlns:z="{SERIALIZATION}"'
                scope = Scope(scope.default, (*scope.prefixes, (SERIALIZATION, "z")))
        if actual != declared:
            namespace, local = split_key(actual)
            if scope.prefix(namespace) is None:
                behind += f' xmlns:d{depth}p{count}="{in_attribute(namespace)}"'
                scope = Scope(scope.default, (*scope.prefixes, (namespace, f"d{depth}p{count}")))
            prefix = scope.prefix(namespace)
            attributes += f' i:type="{prefix}:{local}"' if prefix else f' i:type="{local}"'
        return attributes, behind, scope

    def content_namespace(self, key: str) -> str:
        """Give the namespace that a type's content is in: none for simple types and enumerations."""
        return split_key(key)[0] if isinstance(kind := self.types[key], (Array, Dictionary)) or record_of(kind) else ""
