"""The engine: networks, their training and every number of it, with NumPy and nothing else."""
