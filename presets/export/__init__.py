"""Exports for other programs. Each format is one file of this folder, whose name begins with as_."""
