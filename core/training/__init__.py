"""Training: states, and the facts that lead from one to the next."""
