"""Toasts: notifications that lie over a screen for some seconds."""

from textual.notifications import Notification

LEAST = 0.01
"""Seconds that one that is shown stays at least."""


class ToastNotification(Notification):
    """Textual's own, but what is shown has time left, even where that runs out just before it can be seen.

    Textual gives what is left to a timer, and a timer of less than no time never comes to its end: it would keep the
    loop for ever.
    """

    @property
    def time_left(self) -> float:
        """Seconds until it goes."""
        return max(super().time_left, LEAST)

    @property
    def has_expired(self) -> bool:
        """Whether it is not to be shown any more."""
        return super().time_left <= 0
