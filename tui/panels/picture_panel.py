"""The picture panel: the network's outputs over its inputs."""

from time import monotonic
from typing import Any, ClassVar

from textual.geometry import Size

from ...core.quantities.quantity import Kind, Quantity
from ..action import Action, Group
from ..keymap import bindings
from ..text.numbers import count
from ..text.picture.neuron_choice import Neuron
from ..text.picture.picture import DECIMALS, PictureView, neurons_of, picture
from ..text.spans import Lines, Page, label, mark_styles
from ..themes import has_shades
from .network_panel import look_of
from .panel import NothingDone, PagePanel, PanelSpec, Region

EVERY = 0.3
"""Seconds between two drawings, each of which blocks the screen's thread for some milliseconds."""
MARKS = {"agrees": "✓ right class", "wrong": "✗ wrong class"}
"""The meaning of the marks, by their styles."""
HIDDEN = "hidden: the colours would show the answer"
NO_NEURONS = "neurons have pictures where the inputs are one or two, or an image"
NEURONS = "in the picture: the next neuron, the previous neuron"


class PicturePanel(PagePanel):
    """The decision, the curve, or the examples; for the network, or for one of its neurons."""

    BORDER_TITLE = "Picture"
    ACTIONS: ClassVar[tuple[Action[Any], ...]] = (
        Action(
            "next-neuron",
            "h",
            "Next neuron",
            NEURONS,
            Group.LOOK,
            lambda panel: panel.choose_neuron(1),
            word="next neuron",
            rank=7,
        ),
        Action("neuron-before", "H", "Previous neuron", NEURONS, Group.LOOK, lambda panel: panel.choose_neuron(-1)),
    )
    BINDINGS = bindings(ACTIONS)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._neuron: Neuron | None = None
        self._was_running = False
        self._drawn = 0.0
        """The time of the last drawing."""

    def on_mount(self) -> None:
        """Start the timer that draws changes."""
        self.set_interval(EVERY, self._catch_up)

    def on_show(self) -> None:
        """Draw the changes from the time when it was hidden."""
        self._catch_up(at_once=True)

    def watch_view(self) -> None:
        """Draw now or soon; immediately when a run pauses, so that all panels show one step."""
        has_paused, self._was_running = self._was_running and not self.view.running, self.view.running
        self._catch_up(at_once=has_paused)

    def shows(self) -> tuple[object, ...]:
        """The training, and the parameters of a step."""
        view = self.view
        chosen = view.decimals, view.example, view.notation, view.running, self._neuron
        return view.trainer, view.snapshot, view.mask, *chosen, self.app.theme

    def above(self) -> str:
        """The title of the panel."""
        return str(self.BORDER_TITLE)

    def aside(self) -> str:
        """The neuron of the picture."""
        if self._neuron is None or self.view.names is None:
            return ""
        return self.view.names.labels.text(Quantity(Kind.A, *self._neuron))

    def below(self) -> str:
        """The meaning of the marks, and the step of the picture."""
        styles = mark_styles(self.page)
        legend = ", ".join(words for style, words in MARKS.items() if style in styles)
        step = f"step {count(self.view.snapshot.step)}" if self.view.snapshot else ""
        return "  ".join(filter(None, (legend, step)))

    def make_page(self, size: Size) -> Page:
        """The picture in this many columns and rows."""
        view = self.view
        if view.snapshot is None or view.trainer is None:
            return Lines([])
        shown = Quantity(Kind.A, *(self._neuron or (len(view.trainer.network.layers) - 1, 0)))
        is_map = view.trainer.network.sizes[0] <= 2 and len(view.trainer.train) > 1
        if is_map and view.mask and view.mask.hides(shown):
            return Lines([[label(HIDDEN)]])
        pictured = PictureView(
            trainer=view.trainer,
            snapshot=view.snapshot,
            neuron=self._neuron,
            has_colours=has_shades(self.app),
            is_ascii=look_of(self.app).ascii,
            decimals=view.decimals or DECIMALS,
            example=view.example,
            marks_example=not view.running,
            notation=view.notation,
        )
        page = picture(pictured, size.width, size.height)
        is_scrolled = page.height > size.height
        return picture(pictured, size.width - 2, size.height) if is_scrolled else page  # beside a scrollbar

    def choose_neuron(self, by: int) -> None:
        """Show the next neuron; after the last one, the network's outputs."""
        if self.view.trainer:
            shown = [None, *neurons_of(self.view.trainer.network)]
            if len(shown) == 1:
                self.post_message(NothingDone(NO_NEURONS))
                return
            self._neuron = shown[(shown.index(self._neuron) + by) % len(shown)]
            self.scroll_home(animate=False)
            self.look()

    def _catch_up(self, *, at_once: bool = False) -> None:
        is_due = at_once or monotonic() - self._drawn > EVERY
        if is_due and self.display and self.size and self.shows() != self._shown:
            self._drawn = monotonic()
            self.look()


SPEC = PanelSpec(
    widget=PicturePanel,
    key="6",
    help="Two inputs: the output over the plane, orange low and blue high, with the examples. × marks misclassified "
    "examples, * misclassified held-out examples. The example that the other panels show is green, ◉ among many. "
    "With several classes, each region has the colour and the name of the class that is predicted there, and the cell "
    "of a misclassified example has the colour of its actual class. One input: the fitted curve. More inputs: the "
    "examples with their predictions, ✓ if the class is right and ✗ if not, and a confusion matrix.",
    region=Region.UPPER,
    actions=("next-example", "previous-example"),
    short="Pic",
)
