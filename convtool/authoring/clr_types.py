"""What .NET's own types are to a data contract: tables by the name that C# has for them.

Source: DataContract.TryCreateBuiltInDataContract, CollectionDataContract's known interfaces, and what .NET's exporter
wrote of a class with a member of each.
"""

from __future__ import annotations

__all__ = ["ANYTHING", "DICTIONARIES", "LISTS", "OPAQUE", "SIMPLE", "VALUES", "VOID"]

SIMPLE = {  # the datatype of a keyword, and of the name it stands for
    "bool": "boolean", "Boolean": "boolean", "byte": "unsignedByte", "Byte": "unsignedByte", "sbyte": "byte",
    "SByte": "byte", "short": "short", "Int16": "short", "ushort": "unsignedShort", "UInt16": "unsignedShort",
    "int": "int", "Int32": "int", "uint": "unsignedInt", "UInt32": "unsignedInt", "long": "long", "Int64": "long",
    "ulong": "unsignedLong", "UInt64": "unsignedLong", "float": "float", "Single": "float", "double": "double",
    "Double": "double", "decimal": "decimal", "Decimal": "decimal", "char": "char", "Char": "char",
    "string": "string", "String": "string", "DateTime": "dateTime", "TimeSpan": "duration", "Guid": "guid",
    "DateTimeOffset": "dateTimeOffset", "Uri": "anyURI", "XmlQualifiedName": "QName",
}  # fmt: skip
LISTS = frozenset({  # with the number of their arguments
    *((name, 1) for name in (
        "List", "IList", "ICollection", "IEnumerable", "Collection", "ObservableCollection", "BindingList", "HashSet",
        "SortedSet", "LinkedList", "ConcurrentBag",
    )),
    *((name, 0) for name in ("ArrayList", "IList", "ICollection", "IEnumerable")),
})  # fmt: skip
DICTIONARIES = frozenset({
    *((name, 2) for name in ("Dictionary", "IDictionary", "SortedDictionary", "SortedList", "ConcurrentDictionary")),
    *((name, 0) for name in ("Hashtable", "IDictionary", "SortedList", "ListDictionary", "OrderedDictionary")),
})  # fmt: skip
# Types of parts, by name and number of arguments: their CLR namespace, name, members, and whether they are structs.
VALUES = {
    ("KeyValuePair", 2): ("System.Collections.Generic", "KeyValuePair", ("key", "value"), True),
    **{
        ("Tuple", count): ("System", "Tuple", tuple(f"m_Item{at}" for at in range(1, count + 1)), False)
        for count in range(1, 8)
    },
}
OPAQUE = {  # what the serializer has write itself, by the CLR namespace
    "XElement": "System.Xml.Linq", "XmlElement": "System.Xml", "XmlNode": "System.Xml", "DataTable": "System.Data",
    "DataSet": "System.Data",
}  # fmt: skip
ANYTHING = frozenset({"object", "Object", "dynamic"})
VOID = frozenset({"object", "Object", "ValueType", "MarshalByRefObject", "ContextBoundObject"})  # bases without members
