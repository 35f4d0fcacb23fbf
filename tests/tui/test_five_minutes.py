"""The README's five minutes: its keys, pressed as they are written, lead to its numbers."""

import re

import pytest
from textual.pilot import Pilot

from ..helpers.app import drawn, opened, until
from ..helpers.docs import page, section

NAMED = {
    " ": "space",
    "+": "plus",
    "<": "less_than_sign",
    ".": "full_stop",
    ",": "comma",
    "/": "slash",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "esc": "escape",
}
TIMES = {"once": 1, "twice": 2, "three times": 3, "four times": 4, "five times": 5, "six times": 6}
TOKEN = re.compile(
    rf"`(?P<keys>[^`]+)`(?: (?P<times>{'|'.join(TIMES)}))?|(?P<number>\d+\.\d{{3,}}|step \d[\d\u202f ]*\d|step \d)"
)
WHOLE = ("space", "enter", "esc", "home", "end", "backspace", "left", "right", "up", "down", "tab")


def tours() -> dict[str, list[str]]:
    """The numbered lines by the command before them, such as "nn-tui xor"."""
    text = section(page("README"), "## Five minutes")
    parts = re.split(r"[Oo]pen [^`]*`nn-tui (\S+)`", text)[1:]
    return {
        target: re.findall(r"^\d\. (.*(?:\n   .*)*)", below, re.MULTILINE)
        for target, below in zip(parts[::2], parts[1::2], strict=True)
    }


async def follow(pilot: Pilot[None], line: str) -> None:
    """Press the keys of a line, and see each of its numbers after the key before it."""
    seen = drawn(pilot)
    for token in TOKEN.finditer(" ".join(line.split())):
        if number := token["number"]:
            if number not in seen:
                await until(pilot, lambda number=number: number in drawn(pilot))  # type: ignore[misc]
            continue
        for key in [token["keys"]] if token["keys"] in WHOLE else token["keys"]:
            for _ in range(TIMES[token["times"] or "once"]):
                await pilot.press(NAMED.get(key, key))
        seen += drawn(pilot)


@pytest.mark.parametrize("target", tours())
async def test_the_keys_of_the_readme_lead_to_its_numbers(target: str) -> None:
    lines = tours()[target]
    assert len(lines) > 2
    async with opened(target, start_pace=30) as pilot:
        for line in lines:
            await follow(pilot, line)
