"""The version of convtool, its distribution and its address, in one place: everything else reads them here."""

__version__ = "1.0.0"

DISTRIBUTION = "convtool-datacontract"  # what pip knows it by: `convtool` alone is somebody else's package
HOME = "https://github.com/convtool-datacontract/convtool"
ISSUES = f"{HOME}/issues"


def install(extra: str) -> str:
    """Give the command that adds what an extra needs."""
    return f"pip install '{DISTRIBUTION}[{extra}]'"
