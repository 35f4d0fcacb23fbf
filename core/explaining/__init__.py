"""Explanations: the origin of each number of a step, in symbols and in numbers."""
