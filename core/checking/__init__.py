"""Checking: whether the numbers of a training are right."""
