"""The sizes of the panels, kept in a file from one start to the next."""

from contextlib import suppress
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, json

from ..presets.atomic_write import atomic_write
from ..presets.errors import SessionError
from ..presets.paths import check_is_file, read_fault
from ..presets.sessions.autosave import state_folder

FILE = "panels.json"
LEAST = 0.2
"""The least share of a column or a row while borders are moved; of four rows half of it."""
Size: TypeAlias = Annotated[int, Meta(gt=0, le=10_000)]
Sizes: TypeAlias = Annotated[tuple[Size, ...], Meta(min_length=2, max_length=4)]
"""The columns or the rows of a grid, in cells of the screen on which they were chosen; only their ratio matters."""


class Grid(Struct, frozen=True, forbid_unknown_fields=True):
    """The panels beside and under each other; None for the sizes of the style sheet."""

    columns: Sizes | None = None
    rows: Sizes | None = None


def rows_like(chosen: Sizes, usual: Sizes) -> Sizes | None:
    """The chosen rows for as many rows as usual: two share the third of three as usual; None for other counts."""
    if len(chosen) == len(usual):
        return chosen
    if (len(chosen), len(usual)) == (4, 3):
        return (*chosen[:2], sum(chosen[2:]))
    if (len(chosen), len(usual)) == (3, 4):
        upper = max(round(chosen[2] * usual[2] / sum(usual[2:])), 1)
        return (*chosen[:2], upper, max(chosen[2] - upper, 1))
    return None


class PanelLayout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sizes of the panels, and the visible panel if there is only one."""

    wide: Grid = Grid()
    huge: Grid = Grid()
    panel: Annotated[str, Meta(pattern="^[a-z]{1,20}$")] = "network"
    large: bool = False
    """Whether that panel has the whole screen even if several fit."""


def read_layout() -> PanelLayout:
    """The saved layout, or the default.

    Raises:
        SessionError: the file exists, but cannot be read as a layout.
    """
    path = state_folder() / FILE
    try:
        check_is_file(path)
        return _checked(json.decode(path.read_bytes(), type=PanelLayout))
    except (FileNotFoundError, NotADirectoryError):
        return PanelLayout()
    except OSError as error:
        raise SessionError(str(path), f"{read_fault(error)}; the panels have their default sizes") from None
    except ValueError as error:
        raise SessionError(str(path), f"{error}; the panels have their default sizes") from None


def _checked(layout: PanelLayout) -> PanelLayout:
    """Check that every panel is visible; half of LEAST allows for rounding on a screen of another size."""
    for grid in (layout.wide, layout.huge):
        for sizes in (grid.columns, grid.rows):
            if sizes and min(sizes) < LEAST / 2 * sum(sizes):
                raise ValueError(f"expected sizes of at least {LEAST / 2:.0%} of their sum")
    return layout


def write_layout(layout: PanelLayout) -> None:
    """Save the layout.

    Raises:
        SessionError: the file cannot be written.
    """
    atomic_write(state_folder() / FILE, json.encode(layout), is_private=True)


class KeptLayout:
    """The layout of the panels, from one start to the next."""

    def __init__(self) -> None:
        """Begin with the default."""
        self.layout = self._kept = PanelLayout()

    def recall(self) -> None:
        """Read the last layout.

        Raises:
            SessionError: the file cannot be read as a layout.
        """
        self.layout = self._kept = read_layout()

    def keep(self) -> None:
        """Write the layout if it has changed.

        Raises:
            SessionError: the file cannot be written.
        """
        if self.layout != self._kept:
            write_layout(self.layout)
            self._kept = self.layout

    def keep_meanwhile(self) -> None:
        """Save it before an end that may be too quick for that."""
        with suppress(SessionError):  # the end tries again, and reports the error
            self.keep()
