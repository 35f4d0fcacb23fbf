"""Code inside the process of a PyTorch training: the hooks, the gate that pauses it, and the link to the dashboard."""
