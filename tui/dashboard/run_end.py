"""Whether a run has just ended by itself: a key that comes then was meant to pause it."""

from time import monotonic

REACTION = 0.4
"""Seconds in which a user cannot have noticed that a run has begun or ended."""


class RunEnd:
    """The time at which a run was seen to end without a key."""

    def __init__(self) -> None:
        self._ends_by_itself = False
        """Whether the last key lets training run until a breakpoint, a stop or a step."""
        self._running_since: float | None = None
        """The time at which the current run was first seen."""
        self._ended_at: float | None = None
        """The time at which a run of some length was seen to have ended by itself; None after the next key."""

    def note_key(self, *, ends_by_itself: bool) -> None:
        """Note a key that moves the training."""
        self._ends_by_itself, self._ended_at = ends_by_itself, None

    def note(self, *, is_running: bool) -> None:
        """Note whether training is running; a run that is no longer seen has ended."""
        now = monotonic()
        if is_running:
            self._running_since = self._running_since or now
        elif self._running_since is not None:
            # After a shorter run the next key cannot be meant to pause it.
            if self._ends_by_itself and now - self._running_since > REACTION:
                self._ended_at = now
            self._running_since = None

    def was_just_now(self) -> bool:
        """Whether a run has just ended, so that this key was meant to pause it; true only for the first key."""
        ended, self._ended_at = self._ended_at, None
        return ended is not None and monotonic() - ended < REACTION
