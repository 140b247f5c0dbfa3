"""The odd forms that .NET's own parsers read, where XML Schema and the wire form have but one.

Rules of .NET Framework's ``DateTime.TryParse``, ``TimeSpan.Parse``, ``Guid`` and number styles in the invariant culture
(Microsoft's reference sources in mono 6.8), as Newtonsoft.Json 6.0.8 and DataContractSerializer call them; recordings:
``forms.jsonl``. Each function takes a text that the strict form refuses, and gives the value or raises LexicalError:
kind "unknown" where .NET's value depends on today's date or on the server's time zone.
"""
