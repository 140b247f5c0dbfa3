"""The payloads that the tests of the command line pass around."""

NAMESPACE = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models"
ROOT = f'<ParamModel xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{NAMESPACE}">'

# One value in both formats, in the wire form: nothing to report.
MEMBERS = "<Debut>2026-03-22T00:33:32</Debut><Fin>2026-03-23T00:00:00Z</Fin><ProduitId>7</ProduitId>"
XML = f"{ROOT}{MEMBERS}</ParamModel>".encode()
JSON = b'{"Debut":"2026-03-22T00:33:32","Fin":"2026-03-23T00:00:00Z","ProduitId":7}'
PRETTY_JSON = b'{\n  "Debut": "2026-03-22T00:33:32",\n  "Fin": "2026-03-23T00:00:00Z",\n  "ProduitId": 7\n}\n'

# Two errors: value.range at column 67 and member.unknown at column 79.
INVALID_JSON = b'{"Debut":"2026-03-22T00:33:32","Fin":"2026-03-23T00:00:00Z","ProduitId":2147483648,"Autre":1}'

# Valid in both profiles, but a conversion drops the comment.
COMMENTED_XML = XML.replace(b"<Fin>", b"<!-- fin --><Fin>")

# Only .NET takes it: ProduitId is a text.
DOTNET_JSON = JSON.replace(b":7}", b':"7"}')

# Of no contract by its shape, since all three values are the same in each.
AMBIGUOUS = b"null"
