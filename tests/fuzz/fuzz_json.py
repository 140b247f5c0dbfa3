"""atheris on the JSON reader: ``python -m tests.fuzz.fuzz_json [libFuzzer options] [corpus]``."""

from tests.fuzz.guided import main

if __name__ == "__main__":
    main("json")
