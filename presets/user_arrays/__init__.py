"""Weights and arrays from the user's own code: reading, recognizing and comparing them."""
