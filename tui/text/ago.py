"""How long ago something was, as it is spoken of."""

SIZES = ((86400, "day"), (3600, "hour"), (60, "minute"))
"""Seconds of each unit, the largest first."""


def ago(seconds: float) -> str:
    """Some seconds of the past, as "an hour ago" or "3 days ago"."""
    for size, unit in SIZES:
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}s ago" if number > 1 else f"{'an' if unit == 'hour' else 'a'} {unit} ago"
    return "just now"
