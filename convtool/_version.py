"""The version of convtool, in one place: the package, its metadata and cached contracts read it here."""

__version__ = "0.1.0"
