"""The view: all data of the panels at one moment."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from ..core.debugger.facts import TimelineStatus
from ..core.debugger.recorder import Recorder
from ..core.debugger.snapshot import Snapshot
from ..core.explaining.explanation import Connection, Explanation, Route
from ..core.notation.notation import Notation
from ..core.quantities.quantity import Kind, Quantity
from ..core.training.trainer import Trainer
from ..core.worker.verbs import Ability
from ..presets.opened import Opened
from ..presets.printed_figures import NO_FIGURES, PrintedFigures
from ..presets.schema import Preset
from .config import DECIMALS, Config
from .terminal.log import defect
from .text.briefing import Briefing
from .text.captions import batch_name, data_row, dead_text, example_values
from .text.chart import Curves
from .text.data_names import DataNames, data_title
from .text.factors import factor_steps
from .text.numbers import count
from .text.resolve import ShownExplanations
from .text.safe import safe
from .text.status_lines import Status

if TYPE_CHECKING:
    from ..core.gradient_check import Check
    from .text.mask import Mask
    from .text.playing import ShownCard


class View(Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """The data of the panels, and the user's choices; a panel draws again only if its part has changed."""

    trainer: Trainer | None = None
    snapshot: Snapshot | None = None
    example: int = 0
    """The example of the batch, from 0."""
    notation: Notation = Notation.SUPERSCRIPT
    decimals: int | None = None
    """The decimals of every number; None for each panel's own."""
    cursor: Quantity | None = None
    """The number under the cursor."""
    quantity: Quantity | None = None
    """The explained quantity; None if nothing is explained."""
    factor: int | None = None
    """The number of its factors that are shown; None for the whole explanation."""
    route: int | None = None
    """The selected route of the explanation; None for all."""
    running: bool = False
    name: str = ""
    """The name of the training."""
    failure: str = ""
    """The reason why there is no first step."""
    curves: Curves = Curves()
    checks: "Mapping[Quantity, Check] | None" = None
    """The verdicts of a gradient check so far; None if there is none."""
    status: Status | None = None
    card: "ShownCard | None" = None
    """The card of the tour; None if there is no tour."""
    is_large: bool = False
    """Whether one panel has the whole of a large screen."""
    is_presenting: bool = False
    """Whether the number under the cursor is shown alone, in large figures."""
    begun: str = "initial weight"
    """The origin of the initial weights, in words."""
    notice: str = ""
    """The answer to the last key, in the header."""
    printed: PrintedFigures = NO_FIGURES
    """The printed numbers of the shown training, or the user's own; without steps after an edit."""
    is_hiding: bool = False
    """Whether the user is to guess the number under the cursor."""
    first_wrong: Quantity | None = None
    """The first wrong number of the user; None if there is none."""
    lacks: Mapping[Ability, str] = field(default_factory=dict)
    """Abilities that the training lacks, with the reason."""
    output: tuple[str, ...] | None = None
    """The last lines of the script's output; None if nn-tui itself trains."""
    explanations: ShownExplanations = field(default_factory=ShownExplanations)
    """Earlier explanations, for this view and the following ones."""

    @cached_property
    def briefing(self) -> Briefing | None:
        """The briefing of the number under the cursor."""
        if self.trainer is None or self.snapshot is None or self.cursor is None:
            return None
        return Briefing(
            trainer=self.trainer,
            snapshot=self.snapshot,
            quantity=self.cursor,
            example=self.example,
            notation=self.notation,
            decimals=self.decimals or DECIMALS,
            printed=self.printed,
            begun=self.begun,
            edits=self._edits,
            explanations=self.explanations,
        )

    @cached_property
    def mask(self) -> "Mask | None":
        """The mask of the number under the cursor and of the explained number; None if nothing is hidden."""
        if not self.is_hiding or self.briefing is None:
            return None
        asked = frozenset(each for each in (self.cursor, self.quantity) if each)
        from .text.mask import Mask

        return Mask.of(self.briefing, asked)

    @cached_property
    def explanation(self) -> Explanation | str | None:
        """The explanation of the explained number, or the reason why there is none; None if nothing is explained."""
        if self.snapshot is None or self.trainer is None or self.quantity is None:
            return None
        try:
            return self.explanations.of(self.trainer, self.snapshot, self.quantity)
        except (ValueError, IndexError) as error:
            return str(error)
        except Exception as error:  # any error: the panels keep working
            return defect(error)

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes of the explanation through the network."""
        return self.explanation.routes if isinstance(self.explanation, Explanation) else ()

    @property
    def lit_route(self) -> int | None:
        """The selected route, or the route of the last factor; None for all."""
        if self.factor and isinstance(self.explanation, Explanation) and len(self.routes) > 1:
            steps = factor_steps(self.explanation)
            return steps[min(self.factor, len(steps)) - 1].route
        return self.route

    @cached_property
    def lit(self) -> frozenset[Connection]:
        """The connections of the explanation's routes."""
        shown = self.routes if self.lit_route is None else self.routes[self.lit_route : self.lit_route + 1]
        return frozenset(connection for each in shown for connection in each.connections)

    @property
    def _edits(self) -> dict[Quantity, int]:
        place = self.status.place if self.status else None
        changes = place.changes[: place.counting] if place else ()
        return {change.what: step for step, change in changes if isinstance(change.what, Quantity)}

    @property
    def is_single(self) -> bool:
        """Whether a batch is one example."""
        return self.snapshot is None or len(self.snapshot.forward.X) == 1

    @property
    def has_factors(self) -> bool:
        """Whether the number under the cursor, or its gradient, is a product of the chain rule's factors."""
        return self.cursor is not None and self.cursor.kind in (Kind.W, Kind.B, Kind.DW, Kind.DB, Kind.DZ, Kind.DA)

    @property
    def has_branches(self) -> bool:
        """Whether there is another branch."""
        return bool(self.status and self.status.place and len(self.status.place.branches) > 1)

    @property
    def example_texts(self) -> list[str]:
        """The number of the example, its inputs and its targets; the longest text first.

        While training runs, the row is left out, because Textual would draw everything again for another text.
        """
        if self.snapshot is None or self.trainer is None or self.names is None or self.is_single:
            return []
        examples = len(self.snapshot.forward.X)
        n = min(self.example, examples - 1)
        row = None if self.running else data_row(self.trainer, self.snapshot, n)
        number = f"example {n + 1} of {examples}"
        values = "" if self.running else example_values(self.snapshot, n, self.names)
        said = f"{number}{f', row {count(row)}' if row else ''}"
        return [f"{said}: {values}", f"example {n + 1}: {values}", said, number] if values else [said, number]

    @property
    def is_of_script(self) -> bool:
        """Whether another process trains."""
        return Ability.RESET in self.lacks

    @property
    def names(self) -> DataNames | None:
        """The names of inputs, outputs and classes in the data."""
        return DataNames.of(self.trainer, self.notation) if self.trainer else None


def first_view(opened: Opened, notation: Notation | None, example: int, config: Config) -> View:
    """The view of a training before any step is computed."""
    usual = "indexed" if config.ascii else opened.preset.notation  # w²₁₁ without its index marks would be w211
    wrong = opened.against.first_wrong if opened.against else None
    return View(
        notation=notation or Notation(config.notation or usual),
        example=wrong.row if wrong else example,
        decimals=config.decimals,
        name=safe(opened.preset.name),
        begun=beginning_of(opened.preset),
        first_wrong=wrong,
    )


def beginning_of(preset: Preset) -> str:
    """The origin of a preset's initial weights, in words."""
    init = preset.network.init
    if init is None:
        return "initial weight"
    seed = preset.training.seed if init.seed is None else init.seed
    return f"initial weight: {init.scheme} initializer, seed {seed}"


def curves_of(recorder: Recorder, view: View) -> Curves:
    """The data of the charts."""
    step, history, other = view.snapshot.step if view.snapshot else None, recorder.shown_history, recorder.other
    here = None if step is None or step >= recorder.timeline.newest else step
    # Of a script's examples, only those of a batch are known.
    batch = "batch" if view.trainer is None or view.is_of_script else batch_name(view.trainer)
    return Curves(
        train=history.batch_loss,
        test=history.test_loss,
        other=other.batch_loss,
        here=here,
        seen=history.metrics,
        names=_branch_names(recorder, view.notation),
        batch=batch,
        labels=view.trainer.network.names.labels(view.notation) if view.trainer else None,
    )


def _branch_names(recorder: Recorder, notation: Notation) -> tuple[str, str] | None:
    """The names of this branch and the other one, by what differs; None if that is not known."""
    ours, theirs = (recorder.changes.get(each) for each in (recorder.timeline.branch, recorder.other_number or 0))
    if recorder.unchanged is None or ours is None or theirs is None:
        return None
    from .text.branch_table import names_by_changes

    labels = recorder.unchanged.trainer.network.names.labels(notation)
    return names_by_changes(recorder.unchanged, ours, theirs, labels)


def printed_of(figures: PrintedFigures, timeline: TimelineStatus, step: int) -> PrintedFigures:
    """The figures that belong to the shown training: only those before the first edit.

    If the shown step comes before an edit, or if an edit is undone there, the known numbers after it are edited ones.
    """
    edits = [at for at, _ in timeline.changes[: timeline.counting]]
    later = [max(at, step + 1) for at, _ in timeline.changes[timeline.counting :]]
    return figures.before(min(edits + later)) if timeline.changes else figures


def status_of(
    recorder: Recorder, view: View, opened: Opened, pace: float | None, correct: tuple[int, int] | None
) -> Status | None:
    """The name of the training, and the step."""
    if view.snapshot is None or view.trainer is None:
        return view.status
    preset = opened.preset
    return Status(
        name=safe(preset.name),
        title=safe(opened.against.verdict if opened.against else preset.title or data_title(view.trainer.train.origin)),
        activity=recorder.activity,
        snapshot=view.snapshot,
        trainer=view.trainer,
        test=recorder.evaluation,
        updates_per_second=recorder.rate.value,
        why=safe(recorder.why),
        dead=dead_text(view.trainer, view.snapshot),
        pace=pace,
        place=recorder.timeline,
        decimals=view.decimals,
        checks=view.checks,
        losses=recorder.shown_history.batch_loss,
        correct=correct,
        notation=view.notation,
        agreement=recorder.agreement,
    )
