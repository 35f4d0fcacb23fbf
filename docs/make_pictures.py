"""Make the pictures of the README again: `python docs/make_pictures.py`, with nn-tui installed.

Each picture is the screen after some keys, drawn cell by cell, so that it needs no font for lines, blocks and dots. The
story has a frame for each of its moments; rows that stay the same are drawn once.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.style import Style
from textual.pilot import Pilot
from textual.strip import Strip

from nn_tui.presets.catalogue import find
from nn_tui.tui.app import NNApp

HERE = Path(__file__).parent
SIZE, STORY_SIZE = (120, 36), (120, 36)
FIND_WEIGHT = ["slash", *"w1", "left_square_bracket", "4", "comma", "3", "right_square_bracket", "enter"]
PICTURES = {
    "explain": ("3-4-1", [*FIND_WEIGHT, *"xxxxx"]),
    "xor": ("xor", ["g", *"100", "enter", "g", *"30", "enter", "plus", "plus", "g", *"100", "enter", "4"]),
    "moons": ("moons", ["g", *"1000", "enter"]),
}
"""Of each picture the preset, and the keys that lead there."""
STORY = (
    ([*"fbbbb"], "The forward pass: the prediction is 0.521.", 4.0),
    (["f"], "f   The loss is 0.652.", 3.0),
    (["f"], "f   Backward pass: the gradients of layer 2,", 3.0),
    (["f"], "f   and of layer 1.", 3.0),
    (["f"], "f   The update: every weight moves against its gradient.", 3.5),
    (["s"], "s   The next prediction is 0.648.", 3.0),
    (["s"], "s", 0.7),
    (["s"], "s", 0.7),
    (["s"], "s", 0.7),
    (["s"], "s", 0.7),
    (["s"], "s   After six updates it is 0.925, as the article prints it.", 4.0),
    ([*"bbbb", "4"], "b   Back to step 2, to the same numbers.", 3.0),
    (["plus", "plus"], "+   A larger learning rate: a new branch begins.", 3.0),
    (["s"], "s", 0.7),
    (["s"], "s", 0.7),
    (["s"], "s   Both branches stay in the chart.", 5.0),
)
"""The moments of the story: keys, what is said below the screen, and seconds."""
GROUND, ACCENT = "#0f1317", "#7fd7b0"
WIDTH, HEIGHT, MARGIN = 10, 20, 10
"""Of a cell, and around the screen."""
ARMS = {
    **{"─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "udr", "┤": "udl", "┬": "lrd"},
    **{"┴": "lru", "┼": "lrud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "╴": "l", "╶": "r", "╵": "u", "╷": "d"},
}
HEAVY = {"━": "lr", "╸": "l", "╺": "r", "╍": "lr"}
BLOCKS = {
    **{"█": (0, 0, 1, 1), "▀": (0, 0, 1, 0.5), "▌": (0, 0, 0.5, 1), "▐": (0.5, 0, 0.5, 1), "▕": (0.875, 0, 0.125, 1)},
    **{chr(0x2580 + n): (0, 1 - n / 8, 1, n / 8) for n in range(1, 8)},
}
"""Left, top, width and height of a part of a cell."""
STROKES = (("s", 1.4, "square"), ("h", 3, "butt"), ("d", 2.6, "round"))
"""Of lines, heavy lines and dots: the class, the width and the ends."""
SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
DOTS = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
"""Column and row of each bit of a braille character."""
DRAWN = {*ARMS, *HEAVY, *BLOCKS, *SHADES, *map(chr, range(0x2801, 0x2900))}


@dataclass
class Palette:
    """The colours that were used, each with a class of its own."""

    names: dict[str, str] = field(default_factory=dict)

    def name(self, colour: str) -> str:
        """The class of a colour."""
        return self.names.setdefault(colour, f"c{len(self.names)}")

    def rules(self) -> str:
        """The style sheet of the classes: to fill, and to draw lines."""
        return "".join(
            f".{name}{{fill:{colour}}}"
            + "".join(
                f".{name}{kind}{{shape-rendering:auto;fill:none;stroke:{colour};stroke-width:{wide};stroke-linecap:{cap}}}"
                for kind, wide, cap in STROKES
            )
            for colour, name in self.names.items()
        )


def colours(style: Style | None) -> tuple[str, str]:
    """The colours of the text and of the ground behind it."""
    front, back = (style and style.color), (style and style.bgcolor)
    pair = (
        front.get_truecolor().hex if front else "#dfe4ea",
        back.get_truecolor(foreground=False).hex if back else GROUND,
    )
    return (pair[1], pair[0]) if style and style.reverse else pair


Row = tuple[str, ...]
"""The elements of a row, the grounds first."""


def row_elements(strip: Strip, y: int, palette: Palette) -> Row:
    """What a row of the screen is drawn with."""
    grounds: list[tuple[str, int, int]] = []
    marks: list[str] = []
    x = 0
    for text, style, *_ in strip:
        front, back = colours(style)
        if grounds and grounds[-1][0] == back:
            grounds[-1] = (back, grounds[-1][1], grounds[-1][2] + len(text))
        else:
            grounds.append((back, x, len(text)))
        marks += _marks(text, x, y, palette.name(front), is_bold=bool(style and style.bold))
        x += len(text)
    place = f'y="{y * HEIGHT}" height="{HEIGHT}"'
    rects = (
        f'<rect {place} x="{left * WIDTH}" width="{cells * WIDTH}" class="{palette.name(back)}"/>'
        for back, left, cells in grounds
        if back != GROUND
    )
    return (*rects, *marks)


def _marks(text: str, column: int, y: int, name: str, is_bold: bool) -> Iterator[str]:
    """What is drawn in one colour: words as text, lines, blocks and dots as shapes."""
    for found in re.finditer(r"\S+(?: \S+)*", "".join(" " if each in DRAWN else each for each in text)):
        x, bold = (column + found.start()) * WIDTH, ' font-weight="bold"' * is_bold
        length = len(found[0]) * WIDTH
        place = f'x="{x}" y="{y * HEIGHT + 15}" textLength="{length}"'
        yield f'<text {place} class="{name}"{bold}>{escape(found[0])}</text>'
    paths: dict[str, str] = {}
    for n, each in enumerate(text):
        for kind, path in _shapes(each, (column + n) * WIDTH, y * HEIGHT):
            paths[kind] = paths.get(kind, "") + path
    for kind, path in paths.items():
        yield f'<path class="{name}{kind}" d="{path}"/>'


def _shapes(character: str, x: int, y: int) -> Iterator[tuple[str, str]]:
    """The shapes of a character: s a line, h a heavy line, d a dot, and a part of the cell that is filled."""
    ends = {"l": f"h{-WIDTH / 2:g}", "r": f"h{WIDTH / 2:g}", "u": f"v{-HEIGHT / 2:g}", "d": f"v{HEIGHT / 2:g}"}
    middle = f"M{x + WIDTH / 2:g} {y + HEIGHT / 2:g}"
    if character in ARMS or character in HEAVY:
        arms = ARMS.get(character) or HEAVY[character]
        yield "s" if character in ARMS else "h", "".join(middle + ends[arm] for arm in arms)
    elif part := BLOCKS.get(character):
        left, top, width, height = (a * b for a, b in zip(part, (WIDTH, HEIGHT, WIDTH, HEIGHT), strict=True))
        yield "", f"M{x + left:g} {y + top:g}h{width:g}v{height:g}h{-width:g}z"
    elif character in SHADES:
        yield f" o{SHADES[character] * 100:.0f}", f"M{x} {y}h{WIDTH}v{HEIGHT}h{-WIDTH}z"
    elif "\u2800" < character <= "\u28ff":
        bits = ord(character) - 0x2800
        for bit, (column, row) in enumerate(DOTS):
            if bits >> bit & 1:
                yield "d", f"M{x + 2.5 + 5 * column:g} {y + 2.5 + 5 * row:g}h0"


def animated(frames: list[list[Row]], seconds: list[float]) -> tuple[str, str]:
    """The elements of all frames, each once, and the rules by which it is seen in its own frames only."""
    groups: list[str] = []
    names: dict[tuple[int, ...], str] = {}
    for row in zip(*frames, strict=True):
        shown: dict[str, list[int]] = {}
        for n, elements in enumerate(row):
            for element in elements:
                shown.setdefault(element, []).append(n)
        for is_ground in (True, False):
            by_frames: dict[tuple[int, ...], str] = {}
            for element, numbers in shown.items():
                if element.startswith("<rect") is is_ground:
                    by_frames[tuple(numbers)] = by_frames.get(tuple(numbers), "") + element
            for numbers, drawn in by_frames.items():
                name = names.setdefault(numbers, f"f{len(names)}")
                groups.append(drawn if len(numbers) == len(frames) else f'<g class="{name}">{drawn}</g>')
    rules = (_rule(name, numbers, seconds) for numbers, name in names.items() if len(numbers) < len(frames))
    return "\n".join(groups), "".join(rules)


def _rule(name: str, numbers: tuple[int, ...], seconds: list[float]) -> str:
    """The rule by which something is seen in some frames; without animation in the first one."""
    total, steps, before = sum(seconds), "", None
    for n in range(len(seconds)):
        seen = "visible" if n in numbers else "hidden"
        if seen != before:
            steps += f"{100 * sum(seconds[:n]) / total:.2f}%{{visibility:{seen}}}"
        before = seen
    first = "visible" if 0 in numbers else "hidden"
    return f"@keyframes {name}{{{steps}}}.{name}{{visibility:{first};animation:{name} {total:g}s step-end infinite}}"


def svg(frames: list[list[Row]], seconds: list[float], palette: Palette, title: str, columns: int) -> str:
    """The picture of some rows; of several frames, one after the other, and again."""
    groups, rules = animated(frames, seconds)
    width, height = columns * WIDTH + 2 * MARGIN, len(frames[0]) * HEIGHT + 2 * MARGIN
    shades = "".join(f".o{shade * 100:.0f}{{fill-opacity:{shade}}}" for shade in SHADES.values())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-MARGIN} {-MARGIN} {width} {height}" role="img" '
        f'aria-label="{escape(title)}" xml:space="preserve">\n<style>text{{font:16.6px "DejaVu Sans Mono",Menlo,'
        f"Consolas,monospace}}rect,path{{shape-rendering:crispEdges}}{shades}{palette.rules()}{rules}</style>\n"
        f'<rect x="{-MARGIN}" y="{-MARGIN}" width="{width}" height="{height}" rx="8" fill="{GROUND}"/>\n'
        f"{groups}\n</svg>\n"
    )


async def settled(pilot: Pilot[None], keys: list[str], palette: Palette) -> list[Row]:
    """The rows of the screen after some keys, once nothing changes any more."""
    before: list[Row] = []
    for key in ["", *keys]:
        if key:
            await pilot.press(key)
        await pilot.pause(0.2)
    while True:
        await pilot.pause(0.8)
        strips = pilot.app.screen._compositor.render_strips()
        rows = [row_elements(strip, y, palette) for y, strip in enumerate(strips)]
        if rows == before:
            return rows
        before = rows


async def picture(name: str, target: str, keys: list[str]) -> None:
    """Press the keys and save what is on the screen."""
    palette = Palette()
    async with NNApp(target, find(target)).run_test(size=SIZE) as pilot:
        rows = await settled(pilot, keys, palette)
    save(name, svg([rows], [1], palette, f"nn-tui with {target}", SIZE[0]))


async def story() -> None:
    """Save a frame for each moment of the story, with what is said below it."""
    palette, frames = Palette(), []
    async with NNApp("3-4-1", find("3-4-1")).run_test(size=STORY_SIZE) as pilot:
        for keys, said, _ in STORY:
            words = tuple(_marks(said, 1, STORY_SIZE[1], palette.name(ACCENT), is_bold=True))
            frames.append([*await settled(pilot, list(keys), palette), words])
    save(
        "story",
        svg(frames, [each[2] for each in STORY], palette, "Backward pass, update and branch of 3-4-1", STORY_SIZE[0]),
    )


def save(name: str, text: str) -> None:
    """Write a picture beside this file."""
    (HERE / f"{name}.svg").write_text(text, encoding="utf-8")
    print(f"{name}.svg: {len(text) // 1000} KB")


if __name__ == "__main__":
    for made in (*(picture(name, *of) for name, of in PICTURES.items()), story()):
        with TemporaryDirectory() as state:  # a picture must not show what another one has saved
            os.environ |= {"NN_TUI_STATE": state, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            asyncio.run(made)
