"""The readers of payloads under atheris."""

import sys

import atheris

with atheris.instrument_imports(include=["convtool"]):
    from tests.fuzz.guided import main

if __name__ == "__main__":
    main("payloads", sys.argv)
