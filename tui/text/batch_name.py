"""What the loss and the accuracy of a batch are called: those of a batch of all examples are of the training set."""

from ...core.training.trainer import Trainer


def batch_name(trainer: Trainer) -> str:
    """The word before loss and accuracy: train where a batch is all the examples to train on, or else batch."""
    return "train" if trainer.is_full_batch else "batch"
