"""What runs beside a training with PyTorch, in its own process: the hooks, the gate and the link."""
