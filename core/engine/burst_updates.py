"""The updates of a burst: the learning rate and the examples of each, and the state after them."""

import numpy as np
import numpy.typing as npt

from ..data.epoch_orders import epoch_orders
from ..functions.arrays import Array
from ..functions.schedules import Constant
from ..steps.state import State
from .task import Task


def learning_rate_at(task: Task, step: int, epoch: int) -> float:
    """The learning rate at a step."""
    return task.optimizer.learning_rate * task.schedule.factor(task.schedule.time(step, epoch))


def learning_rates(task: Task, state: State, most: int, epochs: int) -> Array:
    """The learning rate of each update from a state on, or of each epoch, depending on the schedule."""
    step, epoch = state.step, state.epoch
    if isinstance(task.schedule, Constant):
        return np.full(epochs, learning_rate_at(task, step, epoch))
    if task.schedule.by_update:
        return np.array([learning_rate_at(task, each, epoch) for each in range(step, step + most)])
    return np.array([learning_rate_at(task, step, each) for each in range(epoch, epoch + epochs)])


def orders(task: Task, epoch: int, count: int) -> npt.NDArray[np.int64] | None:
    """The order of the examples in several epochs, one after the other; None if it is the order of the data."""
    batches = task.batches
    if not batches.shuffle or batches.per_epoch == 1:
        return None
    return epoch_orders(batches.examples, batches.seed, epoch, count)


def state_after(
    task: Task,
    state: State,
    done: int,
    parameters: Array,
    slots: tuple[Array, ...],
    watched: tuple[float, int] | None = None,
) -> State:
    """The state after a number of updates, from their results.

    Args:
        task: what is trained.
        state: the state before the updates.
        done: the number of updates.
        parameters: all of them.
        slots: the optimizer's slots.
        watched: the least loss and the epochs since then; without it they are those of the beginning.
    """
    epochs, position = divmod(state.position + done, task.batches.per_epoch)
    watched = watched or (state.best_loss, state.epochs_since)
    return State(state.step + done, state.epoch + epochs, position, parameters, slots, state.layout, *watched)
