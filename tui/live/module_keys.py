"""The keys of the screen of any model: what they do, and why those of the dashboard that do nothing there do not."""

from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from ..action import Action, Group, key_rows
from ..dialogs.base_screen import Dialog
from ..dialogs.reading_dialogs import ReadingView
from ..keymap import bindings
from ..panels.key_line import KeyLine, show_or_hide_keys
from ..text.key_help import KeySection, help_page
from ..themes import take_other
from .module_pages import PANELS

if TYPE_CHECKING:
    from .module_screen import ModuleScreen

FAR = 30_000
"""More rows than a tree has."""

FORWARD = "a PyTorch training cannot step back"
NOT_COMPUTED = "nn-tui does not compute this model, so it explains nothing"
NOT_KEPT = "a PyTorch training is saved by its script"
ONE_BRANCH = "a PyTorch training has one branch"
EXAMPLES = "the batch is the script's; ] shows the next part of a tensor"
SIZES = "the sizes are fixed here; l shows one panel alone"
PICTURES = "only a model that nn-tui computes has this"
REASONS = {
    "b": FORWARD,
    "r": "start the script again to begin at step 0",
    "f": "only models that nn-tui computes have phases; s steps",
    "e": "a PyTorch script does not say where an epoch ends",
    "comma": "a run has one pace here; s steps, space runs",
    "full_stop": "a run has one pace here; s steps, space runs",
    "x": NOT_COMPUTED,
    "X": NOT_COMPUTED,
    "v": NOT_COMPUTED,
    "backspace": NOT_COMPUTED,
    "c": "nn-tui does not compute this model: no gradient check",
    "u": "a copy in nn-tui needs a model that nn-tui computes",
    "o": ONE_BRANCH,
    "O": ONE_BRANCH,
    "t": "names are PyTorch's here, and indices begin at 0",
    "n": EXAMPLES,
    "N": EXAMPLES,
    "P": "only the dashboard has large figures",
    "A": "only the dashboard hides a number",
    "z": PICTURES,
    "h": PICTURES,
    "H": PICTURES,
    "y": "the loss is the only chart here",
    "Y": "the loss is the only chart here",
    "less_than_sign": SIZES,
    "greater_than_sign": SIZES,
    "left_parenthesis": SIZES,
    "right_parenthesis": SIZES,
    "0": SIZES,
    "w": NOT_KEPT,
    "E": f"{NOT_KEPT}; C copies a number",
    "6": "there are five panels",
    "7": "there are five panels",
    "p": "presets are for trainings of nn-tui's own: q quits this one",
    "f2": "the tour is for trainings of nn-tui's own: nn-tui tour",
}
"""Why a key of the dashboard does nothing here."""


def _show(panel: str, screen: "ModuleScreen") -> None:
    screen.show(panel)


NUMBERS = "the panels: modules, numbers, loss, histogram, output"
MOVE = "choose a tensor; in the numbers, move to another one"
ENDS = "the first tensor, the last one"
PARTS = "of a tensor with more than two axes: the next part, the part before"
RATE = "the learning rate: set it, raise it, lower it"
MODULE_ACTIONS: tuple[Action["ModuleScreen"], ...] = (
    Action("run-pause", "space", "run", "run, pause", Group.RUN, lambda s: s.orders.run_or_pause(), word="run"),
    Action("step", "s", "step", "step by one update", Group.RUN, lambda s: s.orders.step(), word="step"),
    Action(
        "numbers",
        "enter,tab",
        "numbers",
        "go to the numbers of the tensor, and back",
        Group.LOOK,
        lambda s: s.go_in(),
        word="numbers",
        display="tab",
    ),
    Action(
        "edit-the-number",
        "a",
        "edit",
        "edit the number under the cursor",
        Group.CHANGE,
        lambda s: s.orders.ask_for_number(),
        word="edit",
    ),
    Action(
        "breakpoints",
        "k",
        "stop at",
        "breakpoints: conditions that pause a run",
        Group.CHANGE,
        lambda s: s.orders.ask_for_breakpoints(),
        word="stop at",
    ),
    Action("rate", "m", "learning rate", RATE, Group.CHANGE, lambda s: s.orders.ask_for_rate(), word="rate"),
    Action(
        "find",
        "slash",
        "find",
        "find a tensor by its name",
        Group.LOOK,
        lambda s: s.ask_for_name(),
        display="/",
        word="find",
    ),
    Action(
        "gradient",
        "d",
        "gradient",
        "the gradient of the tensor, its values",
        Group.LOOK,
        lambda s: s.see(s.window.flipped()),
        word="gradient",
    ),
    Action(
        "large-panel", "l", "large", "maximize the panel, and back", Group.LOOK, lambda s: s.enlarge(), word="large"
    ),
    Action("run-to", "g", "run to step", "run to a step", Group.RUN, lambda s: s.orders.ask_for_step(), word="run to"),
    Action(
        "next-part",
        "right_square_bracket",
        "next part",
        PARTS,
        Group.LOOK,
        lambda s: s.turn(1),
        display="]",
        word="next part",
    ),
    Action("part-before", "left_square_bracket", "part before", PARTS, Group.LOOK, lambda s: s.turn(-1), display="["),
    Action("up", "up", "up", MOVE, Group.LOOK, lambda s: s.move(-1, 0), display="↑"),
    Action("down", "down", "down", MOVE, Group.LOOK, lambda s: s.move(1, 0), display="↓"),
    Action("left", "left", "left", MOVE, Group.LOOK, lambda s: s.move(0, -1), display="←"),
    Action("right", "right", "right", MOVE, Group.LOOK, lambda s: s.move(0, 1), display="→"),
    Action("far-up", "pageup", "far up", MOVE, Group.LOOK, lambda s: s.move(-10, 0), display="pgup"),
    Action("far-down", "pagedown", "far down", MOVE, Group.LOOK, lambda s: s.move(10, 0), display="pgdn"),
    Action("first", "home", "first", ENDS, Group.LOOK, lambda s: s.move(-FAR, 0)),
    Action("last", "end", "last", ENDS, Group.LOOK, lambda s: s.move(FAR, 0)),
    Action("back", "escape", "back", "back to the tensors, and to all panels", Group.LOOK, lambda s: s.go_out()),
    *(
        Action(name, str(n), title, NUMBERS, Group.LOOK, partial(_show, name))
        for n, (name, title) in enumerate(PANELS.items(), 1)
    ),
    Action(
        "all-output",
        "i",
        "output",
        "all that the script has printed, and why the model is not computed here",
        Group.LOOK,
        lambda s: s.orders.show_output(),
    ),
    Action(
        "rate-up", "plus,equals_sign", "rate up", RATE, Group.CHANGE, lambda s: s.orders.change_rate(1), display="+"
    ),
    Action("rate-down", "minus", "rate down", RATE, Group.CHANGE, lambda s: s.orders.change_rate(-1), display="−"),
    Action("copy", "C", "copy", "copy the number under the cursor", Group.KEEP, lambda s: s.copy()),
    Action("theme", "T", "colours", "dark or light colours", Group.PROGRAM, lambda s: take_other(s.app)),
    Action(
        "show-keys",
        "K",
        "show keys",
        "show each key that is pressed",
        Group.PROGRAM,
        lambda s: show_or_hide_keys(s.app),
    ),
    Action("quit", "q", "quit", "quit; the training continues", Group.PROGRAM, "app.quit"),
    Action(
        "quit-at-once",
        "ctrl+c",
        "quit",
        "quit; a script that nn-tui run has started ends too",
        Group.PROGRAM,
        "app.quit_at_once",
    ),
    Action(
        "help",
        "question_mark,f1",
        "help",
        "the keys",
        Group.PROGRAM,
        lambda s: s.app.push_screen(ModuleHelp()),
        display="?",
        word="help",
    ),
)
MODULE_BINDINGS: list[BindingType] = [
    *bindings(each for each in MODULE_ACTIONS if each.keys != "ctrl+c"),
    *(Binding(key, f"why_not({key!r})", "not here", show=False) for key in REASONS),
]


class ModuleHelp(Dialog[None]):
    """The keys of the screen."""

    BINDINGS = [Binding("escape,question_mark,f1,q,enter,space", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """One page."""
        with Vertical(classes="dialog", id="help") as dialog:
            dialog.border_title = "Help"
            yield ReadingView(lambda size: help_page(_sections(), size.width), id="help-page")
        yield KeyLine()


def _sections() -> list[KeySection]:
    rows = {group: key_rows(each for each in MODULE_ACTIONS if each.group is group) for group in Group}
    return [KeySection(group.value, found) for group, found in rows.items() if found]
