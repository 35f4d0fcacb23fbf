"""Exports for other programs; each format is one file of this folder, and the name of that begins with as_."""
