"""Quantities: the numbers of a step as values, their names, and formulas of them."""
