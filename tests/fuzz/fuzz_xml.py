"""atheris on the XML reader: ``python -m tests.fuzz.fuzz_xml [libFuzzer options] [corpus]``."""

from tests.fuzz.guided import main

if __name__ == "__main__":
    main("xml")
