"""The engine: arithmetic with the same bits on every machine, and fast implementations of it."""
