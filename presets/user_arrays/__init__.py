"""Numbers that people bring from their own code."""
