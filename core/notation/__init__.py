"""Notations: how quantities are written."""
