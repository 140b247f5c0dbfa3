"""The two formats, a room each: syntax (bytes to nodes), reader (nodes to values), fast lane, writer.

A format knows contracts, not the other format.
"""
