"""The debugger: a training step by step, forward and back; its facts, and their record."""
