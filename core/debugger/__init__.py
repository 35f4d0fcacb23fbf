"""The debugger: a training step by step, forward and back, with its branches."""
