"""Random data contracts as C#: what the exporter and the two serializers take, and as wide as they allow.

``source(seed, count)`` gives one file with ``count`` contracts, each in CLR namespaces of its own, and the class
``Roots`` that the recorder asks for their root types. The same seed gives the same source.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

__all__ = ["source"]

SCALARS = (
    "string", "string", "int", "int", "long", "short", "byte", "sbyte", "uint", "ulong", "ushort", "bool", "char",
    "decimal", "double", "float", "Guid", "DateTime", "DateTimeOffset", "TimeSpan", "Uri", "byte[]",
)  # fmt: skip
KEYS = (
    "string", "string", "int", "long", "short", "byte", "sbyte", "uint", "ulong", "ushort", "bool", "char", "decimal",
    "Guid", "DateTime", "TimeSpan", "double", "float",
)  # fmt: skip
REFERENCES = frozenset({"string", "Uri", "byte[]"})
ENUM_BASES = {
    "": (-(2**31), 2**31 - 1), "byte": (0, 255), "sbyte": (-128, 127), "short": (-(2**15), 2**15 - 1),
    "ushort": (0, 2**16 - 1), "uint": (0, 2**32 - 1), "long": (-(2**63), 2**63 - 1), "ulong": (0, 2**63 - 1),
}  # fmt: skip
# Words of every script, of Python and C#, that fold together, and that differ in case only.
WORDS = (
    "Nom", "nom", "NOM", "Id", "ID", "id", "_prive", "__init__", "__slots__", "__class__", "self", "cls", "None",
    "True", "class", "event", "lambda", "import", "def", "yield", "namespace", "string", "Key", "Value", "key", "value",
    "Item", "Items", "Count", "items", "keys", "get", "json", "xml", "type", "Type", "i", "z", "nil", "xmlns", "xsi",
    "Été", "été", "Élément", "Größe", "ß", "ñandú", "Œuvre", "имя", "名前", "اسم", "Ωmega", "ή", "fin",
    "x2", "a1", "A1", "_0", "_", "__", "X", "x", "Y", "Code", "Ref", "Prix", "Total",
    "Ligne", "Rue", "Ville", "Date", "Text", "Default", "At", "Miss", "e\u0301t", "struct", "msgspec", "UNSET", "v0",
)  # fmt: skip
GIVEN = (
    "a-b", "a_b", "a.b", "x·y", "né-e", "UPPER", "upper", "_0", "a.b.c", "名.前", "d2p1", "x-", "x.", "é", "e\u0301",
)  # fmt: skip
KEYWORDS = frozenset({"class", "event", "namespace", "string", "struct", "default", "null", "int", "object"})
SPACES = (
    "urn:{0}", "urn:{0}:b", "http://exemple.fr/{0}/", "http://exemple.fr/{0}?a=1&b=2", "urn:{0}:é", "tag:x,2020:{0}",
)  # fmt: skip


@dataclass
class Type:
    """A type that others may refer to: its full C# name, and what can be done with it."""

    name: str
    kind: str  # class, struct, enum, generic, collection
    opts_in: bool = False
    index: int = 0
    derived: list[str] = field(default_factory=list)
    lines: list[str | Type] = field(default_factory=list)  # attributes, the declaration, and nested types
    taken: set[str] = field(default_factory=set)  # names of members, its bases' included


class _Contract:
    """Draws one contract: its types first, so that each can refer to all, then their members."""

    def __init__(self, seed: str, number: int) -> None:
        self.random = random.Random(f"{seed}/{number}")
        self.clr = f"Tirage{seed}.C{number}"
        self.root = f"K{seed}x{number}"
        self.attributes: list[str] = []
        spaces = [self.clr, f"{self.clr}.Base", f"{self.clr}.Autres"]
        self.spaces = spaces[: self.random.choice((1, 1, 2, 3))]
        for space in self.spaces:
            if self.rarely(6):
                given = self.space()
                self.attributes.append(f'[assembly: ContractNamespace("{given}", ClrNamespace = "{space}")]')
        self.types: list[Type] = []
        self.code: dict[str, list[str | Type]] = {space: [] for space in self.spaces}
        self.known = self.random.choice((0, 0, 0, 0, 0.5))
        for _ in range(self.random.randint(0, 2)):
            self.enumeration()
        if self.rarely(2):
            self.generic()
        plan = [self.plan(index) for index in range(self.random.randint(1, 6))]
        for one in plan:
            self.record(one)
        if self.rarely(4):
            self.collection()
        self.close()

    def rarely(self, n: int) -> bool:
        return self.random.randrange(n) == 0

    def space(self) -> str:
        return self.random.choice(SPACES).format(self.clr)

    def names(self, count: int, taken: set[str]) -> list[str]:
        left = [word for word in WORDS if word not in taken]
        return self.random.sample(left, count)

    # --- types -------------------------------------------------------------------------------------------------------

    def enumeration(self) -> None:
        space = self.random.choice(self.spaces)
        flags = self.rarely(3)
        base = self.random.choice(["", "", "", *ENUM_BASES])
        low, high = ENUM_BASES[base]
        count = self.random.randint(1, 5)
        if flags:
            start = self.random.choice((0, 1))
            numbers = [0] * (1 - start) + [1 << bit for bit in range(min(count, high.bit_length()))]
        elif self.rarely(2):
            numbers = list(range(count))
        else:
            several = [self.random.choice((index, low, high, low // 2, 7 * index)) for index in range(count)]
            numbers = list(dict.fromkeys(several))  # which of two names .NET takes for one number is undocumented
        opts_in = self.rarely(4)
        name = f"E{len(self.types)}"
        # Json.NET reads names that are keys in any case, so those that differ in case only would be another's.
        words = list({word.lower(): word for word in self.names(2 * len(numbers), {"_", "__"})}.values())[
            : len(numbers)
        ]
        parts = []
        for index, (word, number) in enumerate(zip(words, numbers, strict=False)):
            mark = ""
            if opts_in:
                given = self.rarely(3)
                value = f'(Value = "{self.random.choice(("a-b", "a.b", "é"))}{index}")' if given else ""
                mark = f"[EnumMember{value}] "
            parts.append(f"{mark}{_escaped(word)} = {number}")
        head = ("[DataContract] " if opts_in else "") + ("[Flags] " if flags else "")
        self.code[space].append(f"{head}public enum {name}{' : ' + base if base else ''} {{ {', '.join(parts)} }}")
        self.types.append(Type(f"{space}.{name}", "enum", opts_in=opts_in))

    def generic(self) -> None:
        space = self.random.choice(self.spaces)
        mark = self.random.choice(("", "", "[DataContract] ", '[DataContract(Name = "Boite_{0}_{#}")] '))
        member = "[DataMember] " if mark else ""
        self.code[space].append(
            f"{mark}public class Boite<T> {{ {member}public T Z {{ get; set; }} {member}public int A {{ get; set; }} }}"
        )
        self.types.append(Type(f"{space}.Boite", "generic"))

    def plan(self, index: int) -> Type:
        space = self.random.choice(self.spaces)
        kind = "struct" if self.rarely(4) else "class"
        outer = [t for t in self.types if t.kind == "class" and t.name.startswith(space + ".T")]
        name = f"T{index}"
        one = Type(f"{space}.{name}", kind, opts_in=self.rarely(2), index=index)
        if outer and self.rarely(6):
            one.name = f"{self.random.choice(outer).name}.{name}"
        self.types.append(one)
        return one

    def record(self, one: Type) -> None:
        space = max((s for s in self.spaces if one.name.startswith(s + ".")), key=len)
        earlier = [t for t in self.types if t.kind == one.kind == "class" and t.index < one.index]
        bases = [t for t in earlier if t.opts_in == one.opts_in]
        base = self.random.choice(bases) if bases and self.rarely(2) else None
        taken: set[str] = set(base.taken) if base else set()
        given: set[str] = set(taken)
        members = []
        for word in self.names(self.random.choice((0, 1, 2, 3, 4, 5, 6, 7, 8)), taken):
            mark = ""
            if one.opts_in:
                mark, name = self.member_mark(word, given)
                given.add(name)
            taken.add(word)
            of = self.reference(one, 0)
            end = ";" if self.rarely(8) else " { get; set; }"
            members.append(f"{mark}public {of} {_escaped(word)}{end}")
        one.taken = taken | given
        heads = []
        if one.opts_in:
            arguments = []
            if self.rarely(3):
                arguments.append(f'Namespace = "{self.space()}"')
            if self.rarely(6):
                arguments.append(f'Name = "{self.random.choice(("N-", "N.", "É"))}{one.index}"')
            heads.append(f"[DataContract{'(' + ', '.join(arguments) + ')' if arguments else ''}]")
        if base:
            base.derived.append(one.name)
        name = one.name.rpartition(".")[2]
        written = self.written(base.name, one.name) if base else ""
        text = f"public {one.kind} {name}{' : ' + written if written else ''} {{ {' '.join(members)}"
        one.lines = [*heads, text]
        outer = next((t for t in self.types if one.name.rpartition(".")[0] == t.name), None)
        if outer:
            outer.lines.append(one)
        else:
            self.code[space].append(one)

    def written(self, name: str, inside: str) -> str:
        """Write a type's name in full, or as short as C# allows within the other's namespace."""
        space = inside.rpartition(".")[0]
        if name.startswith(space + ".") and self.rarely(2):
            return name.removeprefix(space + ".")
        return f"global::{name}" if self.rarely(4) else name

    def member_mark(self, word: str, given: set[str]) -> tuple[str, str]:
        arguments, name = [], word
        if self.rarely(3):
            arguments.append(f"Order = {self.random.choice((0, 1, 1, 2, 3, 10))}")
        free = [n for n in GIVEN if n not in given and n not in WORDS]
        if free and self.rarely(4):
            name = self.random.choice(free)
            arguments.append(f'Name = "{name}"')
        if self.rarely(5):
            arguments.append("EmitDefaultValue = false")
        elif self.rarely(5):
            arguments.append("IsRequired = true")
        return f"[DataMember{'(' + ', '.join(arguments) + ')' if arguments else ''}] ", name

    def collection(self) -> None:
        space = self.random.choice(self.spaces)
        owner = Type(f"{space}.Collection", "class", index=99)
        item = self.random.choice(("string", "int", self.reference(owner, 1)))
        if self.rarely(3):
            head = '[CollectionDataContract(ItemName = "Entrée", KeyName = "Clé", ValueName = "Valeur")]'
            base = f"Dictionary<{self.random.choice(KEYS)}, {item}>"
        else:
            spaced = f'ItemName = "x", Namespace = "{self.space()}"'
            extra = self.random.choice(('ItemName = "élément"', 'Name = "Suite"', spaced))
            head, base = f"[CollectionDataContract({extra})]", f"List<{item}>"
        self.code[space].append(f"{head} public class Collection : {base} {{ }}")
        self.types.append(Type(f"{space}.Collection", "collection"))

    def close(self) -> None:
        held = [(index, self.instance(t)) for index, t in enumerate(self.types) if t.kind != "enum"]
        members = [f"public {name} P{index} {{ get; set; }}" for index, name in held]
        item = self.random.choice([t for t in self.types if t.kind in ("class", "struct")]).name
        members.append(f"public List<{item}> L {{ get; set; }} public string Fin {{ get; set; }}")
        self.code[self.spaces[0]].append(f"public class {self.root} {{ {' '.join(members)} }}")

    # --- references --------------------------------------------------------------------------------------------------

    def instance(self, of: Type) -> str:
        return f"{of.name}<{self.random.choice(SCALARS)}>" if of.kind == "generic" else of.name

    def reference(self, inside: Type, depth: int) -> str:
        """Draw a member's type; a struct refers to earlier ones only, as C# wants it."""
        draw = self.random.randrange(20)
        if depth > 2 or draw < 8:
            return self.random.choice(SCALARS)
        if draw < 10:
            return self.random.choice([s for s in SCALARS if s not in REFERENCES]) + "?"
        if draw < 13:
            item = self.reference(inside, depth + 1)
            lists = ("List<{}>", "List<{}>", "{}[]", "IEnumerable<{}>", "IList<{}>")
            return self.random.choice(lists).format(item)
        if draw < 15:
            keys = [*KEYS, *(t.name for t in self.types if t.kind == "enum" and not t.opts_in)]
            kind = self.random.choice(("Dictionary", "Dictionary", "IDictionary"))
            return f"{kind}<{self.random.choice(keys)}, {self.reference(inside, depth + 1)}>"
        fitting = [t for t in self.types if t.kind != "struct" or inside.kind != "struct" or t.index < inside.index]
        of = self.random.choice(fitting) if fitting else None
        if of is None:
            return "string"
        if of.kind == "generic":
            argument = "int" if inside.kind == "struct" else self.reference(inside, 2)
            return f"{of.name}<{argument}>"
        return of.name + ("?" if of.kind in ("struct", "enum") and self.rarely(3) else "")

    # --- text --------------------------------------------------------------------------------------------------------

    def text(self, one: str | Type) -> str:
        if isinstance(one, str):
            return one
        known = "".join(f"[KnownType(typeof({name}))] " for name in one.derived if self.random.random() < self.known)
        *heads, body = [self.text(line) for line in one.lines[:2]] if one.opts_in else [self.text(one.lines[0])]
        nested = [self.text(line) for line in one.lines[len(heads) + 1 :]]
        return f"{known}{' '.join([*heads, ''])}{body} {' '.join(nested)} }}"

    def blocks(self) -> list[str]:
        filled = [(space, "\n  ".join(map(self.text, code))) for space, code in self.code.items() if code]
        return [f"namespace {space} {{\n  {content}\n}}" for space, content in filled]


def _escaped(word: str) -> str:
    return f"@{word}" if word in KEYWORDS else word


def source(seed: str, count: int, only: int | None = None) -> str:
    """Give the C# source of ``count`` contracts, or of the one with the number ``only``."""
    contracts = [_Contract(seed, number) for number in (range(count) if only is None else [only])]
    head = ["using System; using System.Collections.Generic; using System.Runtime.Serialization;"]
    head += [line for one in contracts for line in one.attributes]
    roots = ", ".join(f"typeof({one.clr}.{one.root})" for one in contracts)
    blocks = [block for one in contracts for block in one.blocks()]
    found = f"public static class Roots {{ public static Type[] Types = {{ {roots} }}; }}"
    return "\n".join([*head, *blocks, found, ""])
