"""Finding where numbers that somebody brings first go wrong, and why."""
