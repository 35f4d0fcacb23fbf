"""The shape of a network, and where its numbers lie."""
