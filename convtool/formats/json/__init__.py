"""JSON as Json.NET (Newtonsoft.Json) writes and reads it, with its default settings."""
