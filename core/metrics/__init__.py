"""Metrics: the numbers of a training by step, for charts and files."""
