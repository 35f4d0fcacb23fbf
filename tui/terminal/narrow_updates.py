"""Updates of the screen that hold only the columns that have changed: Textual sends lines from their beginning."""

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor


class NarrowUpdate(ChopsUpdate):
    """The same update, each line cropped on both sides."""

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal."""
        sequences: list[str] = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= last or end <= first:
                    continue
                begin = max(first - x, 0)
                seen = strip if first <= x and end <= last else strip.crop(begin, min(end, last) - x)
                sequences += (Control.move_to(x + begin, y).segment.text, seen.render(console))
        return "".join(sequences)


class NarrowCompositor(Compositor):
    """A compositor whose updates send no more of a line than has changed."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What has changed since the last update."""
        update = super().render_partial_update()
        return NarrowUpdate(update.chops, update.spans, update.chop_ends) if update else None
