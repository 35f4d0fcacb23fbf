"""The functions of a training: activations, losses, optimizers, schedules, each with its own formula."""
