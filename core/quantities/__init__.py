"""Quantities: the numbers of a step as values, their names, and how they are written."""
