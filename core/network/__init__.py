"""The shape of a network, and the layout of its numbers."""
