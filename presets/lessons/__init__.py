"""Lessons: cards that lead through a training, as data."""
