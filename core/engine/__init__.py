"""The engine: arithmetic with the same bits on every machine, and what speeds it up."""
