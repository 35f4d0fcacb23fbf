"""Only changed lines are sent, and no more of them than is needed."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.panels.strip_differences import changed_up_to

RED = Style(color="red")


def strip(*parts: str | tuple[str, Style]) -> Strip:
    return Strip(Segment(*part) if isinstance(part, tuple) else Segment(part) for part in parts)


@pytest.mark.parametrize(
    ("old", "new", "end"),
    [
        (strip("abc"), strip("abc"), 0),
        (strip("abc"), strip("ab", "c"), 0),
        (strip("abcd"), strip("abxd"), 3),
        (strip("abcd"), strip("ab", ("c", RED), "d"), 3),
        (strip("abcd"), strip("ab"), 4),
        (strip("ab"), strip("abcd"), 4),
        (strip("猫d"), strip("猫x"), 3),
    ],
)
def test_a_line_is_sent_up_to_its_last_change(old: Strip, new: Strip, end: int) -> None:
    assert changed_up_to(old, new) == end
