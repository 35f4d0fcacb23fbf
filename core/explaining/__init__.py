"""Explanations: where each number of a step comes from, with the numbers filled in."""
