"""Training: the steps from one state to the next, and the changes that the user can make."""
