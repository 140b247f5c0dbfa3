"""``python -m convtool``: the command line."""

from convtool.cli import main

if __name__ == "__main__":
    main()
