"""Measures convtool and its peers on documents it makes itself: ``python -m benchmarks --help``."""
