"""Schemas made and checked: derived from XSDs, inferred from a help page, written, looked over, told to editors."""
