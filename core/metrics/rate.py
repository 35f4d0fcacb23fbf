"""How quickly a number rises."""

WINDOW = 0.5
"""Seconds over which it is measured at the least."""


class Rate:
    """Updates per second, renewed twice a second."""

    def __init__(self) -> None:
        """Begin without one."""
        self.value: float | None = None
        self._begin: tuple[int, float] | None = None

    def see(self, step: int, now: float) -> None:
        """Learn which step it is at a time in seconds."""
        if self._begin is None:
            self._begin = (step, now)
        elif now - self._begin[1] >= WINDOW:
            self.value = (step - self._begin[0]) / (now - self._begin[1])
            self._begin = (step, now)

    def rest(self) -> None:
        """Forget it: nothing rises any more."""
        self.value = self._begin = None
