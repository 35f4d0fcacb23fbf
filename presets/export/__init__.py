"""Exports: a step of a training for other programs."""
