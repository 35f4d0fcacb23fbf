"""Only changed lines are sent, and no more of them than is needed."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.panels.page_painter import changed_parts

RED = Style(color="red")


def strip(*parts: str | tuple[str, Style]) -> Strip:
    return Strip(Segment(*part) if isinstance(part, tuple) else Segment(part) for part in parts)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        (strip("abc"), strip("abc"), []),
        (strip("abc"), strip("ab", "c"), []),
        (strip("abcd"), strip("abxd"), [(2, 3)]),
        (strip("abcd"), strip("ab", ("c", RED), "d"), [(2, 3)]),
        (strip("abcd"), strip("ab"), [(2, 4)]),
        (strip("ab"), strip("abcd"), [(2, 4)]),
        (strip("a" + 20 * "." + "b"), strip("A" + 20 * "." + "B"), [(0, 1), (21, 22)]),
        (strip("a" + 5 * "." + "b"), strip("A" + 5 * "." + "B"), [(0, 7)]),
        (strip("猫d"), strip("猫x"), [(0, 3)]),
    ],
)
def test_of_a_line_only_what_has_changed_is_sent(old: Strip, new: Strip, parts: list[tuple[int, int]]) -> None:
    assert changed_parts(old, new) == parts
