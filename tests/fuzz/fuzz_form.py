"""atheris on the form reader: ``python -m tests.fuzz.fuzz_form [libFuzzer options] [corpus]``."""

from tests.fuzz.guided import main

if __name__ == "__main__":
    main("form")
