"""The explain panel: where a number comes from, with a way into every number that it is made of."""

from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive

from ...core.explaining.explain import explain
from ...core.explaining.explanation import Explanation
from ...core.notation import Notation
from ...core.running.moment import Moment
from ...core.training.trainer import Trainer
from ..text.asked import asked
from ..text.explanation import explanation_page
from ..text.factors import factors_page, steps_of
from ..text.safe import safe
from ..text.spans import Lines, Page, Span
from .page_view import PageView


class ExplainPanel(PageView):
    """An equation in symbols, the same with the numbers filled in, and the result; enter goes into a number."""

    BORDER_TITLE = "Explain"
    BINDINGS = [
        Binding("backspace", "up", "Where one came from", show=False),
        Binding("escape", "close", "Close"),
        Binding("enter", "explain", "Into it"),
    ]

    moment: reactive[Moment | None] = reactive(None)
    trainer: reactive[Trainer | None] = reactive(None)
    notation: reactive[Notation] = reactive(Notation.SUPERSCRIPT)
    quantity: reactive[str] = reactive("")
    """What is explained; empty where nothing is."""
    factor: reactive[int | None] = reactive(None)
    """How many factors are shown; all, and the whole explanation, where that is None."""

    class Left(Message):
        """Somebody goes back to the explanation before."""

    class Closed(Message):
        """Somebody has read enough."""

    def watch_moment(self) -> None:
        """Explain the same of the new moment."""
        self.renew()

    def watch_notation(self) -> None:
        """Take the other labels."""
        self.renew()

    def watch_quantity(self) -> None:
        """Explain something else, from its beginning."""
        self._cursor = (0, 0)
        self.renew()
        self.scroll_home(animate=False)

    def watch_factor(self) -> None:
        """Show one factor more or less."""
        self.renew()

    @property
    def factors(self) -> int:
        """The number of factors that can be walked."""
        found = self._explanation()
        return len(steps_of(found)) if isinstance(found, Explanation) else 0

    def make_page(self, size: Size) -> Page:
        """The explanation, or why there is none."""
        found = self._explanation()
        if found is None:
            return Lines([])
        if isinstance(found, str):
            return Lines([[Span(safe(found), ("label",))]])
        if self.factor is not None:
            return factors_page(found, self.notation, self.factor)
        return explanation_page(found, self.notation, 6).page

    def action_up(self) -> None:
        """Go back to what was explained before."""
        self.post_message(self.Left())

    def action_close(self) -> None:
        """Close the panel."""
        self.post_message(self.Closed())

    def _explanation(self) -> Explanation | str | None:
        if self.moment is None or self.trainer is None or not self.quantity:
            return None
        try:
            name = self.quantity if self.quantity.startswith("last-") else asked(self.moment, self.quantity)
            return explain(self.trainer, self.moment.backward, name, self.moment.before)
        except (ValueError, IndexError) as error:
            return str(error)
