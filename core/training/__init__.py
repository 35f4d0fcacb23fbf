"""Training: what leads from one state to the next, and what may change on the way."""
