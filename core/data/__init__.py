"""Data: the examples, their batches and scales, and the classes of their targets."""
