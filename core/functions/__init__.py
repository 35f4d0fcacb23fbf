"""The functions of a training: activations, losses, optimizers and schedules, each with its formula."""
