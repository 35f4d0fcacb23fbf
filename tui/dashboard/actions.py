"""The table of actions: the key and the words of each action of the dashboard.

Bindings, configuration, help, palette, key line, docs/keys.md and the commands of the text mode come from here.
"""

from typing import TYPE_CHECKING

from ...core.quantities.quantity import LEAVES
from ...core.worker.verbs import Ability
from ..action import Action, Group, Verb

if TYPE_CHECKING:
    from ..view import View
    from .dashboard import Dashboard

ACROSS, DOWN = 0, 1
RUN, EXPLAIN, CHANGE, LOOK, KEEP, PROGRAM = Group
PACE = "run slower, faster: from 1 update per second to full speed"
NUDGE = "nudge a parameter: predicted and actual change of the loss"
RATE = "learning rate up, down: … 0.1, 0.2, 0.5, 1, 2 …"
STEPS = "go to a step; to the first step; to the newest step"
EXAMPLE = "the next example of the batch, the previous example"
SIZES = "panel narrower, wider, lower, higher; reset the sizes"
FACTORS = "next factor of the gradient under the cursor (chain rule), previous factor"
LEAVE = "close the explanation and return to the number; all panels again; leave the tour"
CARDS = "in the tour: the next card, the previous card"
BRANCHES = "switch to the other branch; compare the two branches"
EXPORT = "export tables, weights, a picture and more; copy the number"
HELP = "help for this panel and its keys; all keys"


def _run_word(view: "View") -> str:
    return "pause" if view.running else "run"


def _phase_word(view: "View") -> str:
    is_next = view.snapshot is not None and view.snapshot.loss is None  # the panels name the key there
    return "phase" if is_next or not _epoch_word(view) else ""  # no room for both


def _epoch_word(view: "View") -> str:
    return "" if view.is_single or view.trainer is None or view.trainer.is_full_batch else "epoch"


def _back_word(view: "View") -> str:
    return "" if view.running else "back"


def _example_word(view: "View") -> str:
    return "" if view.is_single else "next example"


def _factor_word(view: "View") -> str:
    return "factors" if view.has_factors else ""


def _route_word(view: "View") -> str:
    return "route" if view.has_factors and view.trainer and len(view.trainer.network.layers) > 2 else ""


def _close_word(view: "View") -> str:
    return "close" if view.quantity is not None else "leave the tour" if view.card is not None else ""


def _next_card_word(view: "View") -> str:
    return "next card" if view.card is not None and view.card.number < view.card.total else ""


def _edit_word(view: "View") -> str:
    return "edit" if view.cursor and view.cursor.kind in LEAVES else ""


def _branch_word(view: "View") -> str:
    return "other branch" if view.has_branches else ""


def _compare_word(view: "View") -> str:
    return "compare" if view.has_branches else ""


def _breakpoint_forms() -> str:
    from ...core.debugger.breakpoints import FORMS

    return f"[{' | '.join(FORMS)} | off]"


def _take_other_theme(dashboard: "Dashboard") -> None:
    from ..themes import take_other  # the text mode has these actions too, and needs no Textual

    take_other(dashboard.app)


def _show_keys(dashboard: "Dashboard") -> None:
    from ..panels.key_line import show_or_hide_keys

    show_or_hide_keys(dashboard.app)


def _close(dashboard: "Dashboard") -> None:
    """Close what was opened last: the presentation, an explanation, a panel with the whole screen, the tour."""
    if dashboard.view.is_presenting:
        dashboard.panels.present()
    elif dashboard.explainer.is_open:
        dashboard.explainer.close()
    elif dashboard.panels.layout.large:
        dashboard.panels.enlarge()
    elif dashboard.tour.is_on:
        dashboard.tour.leave()
    else:
        dashboard.say("nothing to close here; q quits")


ACTIONS: tuple[Action["Dashboard"], ...] = (
    Action(
        "run-pause",
        "space",
        "Run/pause",
        "run, pause",
        RUN,
        lambda d: d.steering.run_or_pause(),
        word=_run_word,
        rank=1,
        verb=Verb(
            ("run",),
            "[COUNT]",
            "Run to a breakpoint or to the stop, or for COUNT updates.",
            lambda s, rest: s.run(rest),
        ),
    ),
    Action(
        "step",
        "s",
        "Step",
        "step by one update",
        RUN,
        lambda d: d.steering.step("update"),
        word="step",
        rank=2,
        verb=Verb(
            ("s", "step", "update"),
            "[COUNT]",
            "Step by one update, or by COUNT updates.",
            lambda s, rest: s.update(rest),
        ),
    ),
    Action(
        "phase",
        "f",
        "Phase",
        "step by one phase: a layer of a pass, the loss or the update",
        RUN,
        lambda d: d.steering.step("phase"),
        word=_phase_word,
        rank=3,
        verb=Verb(
            ("f", "phase"),
            "",
            "Step by one phase: a layer of a pass, the loss or the update.",
            lambda s, rest: s.phase(rest),
        ),
    ),
    Action(
        "back",
        "b",
        "Back",
        "step back by the same amount; an edit there is undone",
        RUN,
        lambda d: d.steering.back(),
        word=_back_word,
        rank=4,
        verb=Verb(
            ("b", "back", "undo"),
            "",
            "Step back by the same amount as the last step, or undo an edit made here.",
            lambda s, rest: s.back(rest),
        ),
        needs=Ability.STEP_BACK,
    ),
    Action(
        "epoch",
        "e",
        "Epoch",
        "step by one epoch: every example once",
        RUN,
        lambda d: d.steering.step("epoch"),
        word=_epoch_word,
        rank=3,
        verb=Verb(("e", "epoch"), "", "Step by one epoch.", lambda s, rest: s.epoch(rest)),
        needs=Ability.FIND_EPOCHS,
    ),
    Action("run-slower", "comma", "Run slower", PACE, RUN, lambda d: d.steering.change_pace(-1), display=","),
    Action("run-faster", "full_stop", "Run faster", PACE, RUN, lambda d: d.steering.change_pace(1), display="."),
    Action(
        "go-to-step",
        "g",
        "Go to step",
        STEPS,
        RUN,
        lambda d: d.steering.ask_for_step(),
        verb=Verb(("g", "go", "goto"), "STEP", "Go to a step, back or forward.", lambda s, rest: s.go_to(rest)),
    ),
    Action("first-step", "home", "First step", STEPS, RUN, lambda d: d.steering.go_to_end(newest=False)),
    Action("newest-step", "end", "Newest step", STEPS, RUN, lambda d: d.steering.go_to_end(newest=True)),
    Action(
        "reset",
        "r",
        "Reset",
        "reset: same seed, same initial weights, no edits",
        RUN,
        lambda d: d.steering.reset(),
        verb=Verb(("r", "reset"), "", "Return to step 0 and remove all edits.", lambda s, rest: s.reset(rest)),
        needs=Ability.RESET,
    ),
    Action(
        "factor",
        "x",
        "Factor",
        FACTORS,
        EXPLAIN,
        lambda d: d.explainer.next_factor(),
        word=_factor_word,
        rank=6,
        verb=Verb(
            ("x", "explain"),
            "QUANTITY, such as w1[1,2], dw1[1,2], a2[1] or loss",
            "Explain where a number comes from.",
            lambda s, rest: s.explain(rest),
        ),
    ),
    Action("previous-factor", "X", "Previous factor", FACTORS, EXPLAIN, lambda d: d.explainer.previous_factor()),
    Action(
        "next-route",
        "v",
        "Next route",
        "next route of the gradient under the cursor, lit in the network",
        EXPLAIN,
        lambda d: d.explainer.next_route(),
        word=_route_word,
        rank=9,
    ),
    Action(
        "find",
        "slash",
        "Find",
        "find a number by its name, such as w2[1,1] or loss",
        EXPLAIN,
        lambda d: d.explainer.find(),
        display="/",
        word="find",
        rank=13,
    ),
    Action(
        "close",
        "escape",
        "Close",
        LEAVE,
        EXPLAIN,
        _close,
        word=_close_word,
        rank=0,
    ),
    Action(
        "gradient-check",
        "c",
        "Gradient check",
        "check each gradient against the slope of the loss, at each step; stop checking",
        EXPLAIN,
        lambda d: d.checks.toggle(),
        verb=Verb(
            ("c", "check"), "", "Check every gradient against the slope of the loss.", lambda s, rest: s.check(rest)
        ),
    ),
    Action(
        "edit-the-number",
        "a",
        "Edit the number",
        "edit the weight, bias, input or target under the cursor",
        CHANGE,
        lambda d: d.editor.ask_for_number(),
        word=_edit_word,
        rank=8,
        verb=Verb(
            ("a", "edit", "set"),
            "NAME VALUE, such as learning_rate 0.1 or w1[1,2] 0.5",
            "Edit a number or a setting.",
            lambda s, rest: s.change(rest),
        ),
    ),
    Action("nudge-down", "left_square_bracket", "Nudge down", NUDGE, CHANGE, lambda d: d.editor.nudge(-1), display="["),
    Action("nudge-up", "right_square_bracket", "Nudge up", NUDGE, CHANGE, lambda d: d.editor.nudge(1), display="]"),
    Action(
        "settings",
        "m",
        "Settings",
        "settings: learning rate, optimizer, loss function and more",
        CHANGE,
        lambda d: d.editor.ask_for_settings(),
        needs=Ability.SET,
    ),
    Action(
        "rate-up",
        "plus,equals_sign",
        "Rate up",
        RATE,
        CHANGE,
        lambda d: d.steering.change_learning_rate(1),
        display="+",
    ),
    Action("rate-down", "minus", "Rate down", RATE, CHANGE, lambda d: d.steering.change_learning_rate(-1), display="−"),
    Action(
        "breakpoints",
        "k",
        "Breakpoints",
        "breakpoints: conditions that pause a run",
        CHANGE,
        lambda d: d.editor.ask_for_breakpoints(),
        word="stop at",
        rank=12,
        verb=Verb(
            ("k", "break"),
            _breakpoint_forms,
            "Add a breakpoint; off removes all; without a condition, list them.",
            lambda s, rest: s.break_at(rest),
        ),
    ),
    Action(
        "copy-in-nn-tui",
        "u",
        "Copy in nn-tui",
        "of a PyTorch training: continue a copy in nn-tui from this step, and return",
        CHANGE,
        lambda d: d.foreign.copy(),
        word=lambda view: "copy in nn-tui" if view.is_of_script else "",
        rank=11,
    ),
    Action(
        "other-branch",
        "o",
        "Other branch",
        BRANCHES,
        CHANGE,
        lambda d: d.verbs.switch(),
        word=_branch_word,
        rank=9,
        verb=Verb(("o", "switch"), "", "Switch to the other branch.", lambda s, rest: s.switch(rest)),
        needs=Ability.BRANCH,
    ),
    Action(
        "compare-branches",
        "O",
        "Compare branches",
        BRANCHES,
        CHANGE,
        lambda d: d.answers.compare(),
        word=_compare_word,
        rank=10,
        needs=Ability.BRANCH,
    ),
    Action(
        "notation",
        "t",
        "Notation",
        "notation: w²₁₁, w5, w31, W2[1,1]",
        LOOK,
        lambda d: d.explainer.next_notation(),
        verb=Verb(
            ("t", "notation"),
            "[NAME]",
            "Switch to the next notation, or to the one named.",
            lambda s, rest: s.notation(rest),
        ),
    ),
    Action(
        "next-example",
        "n",
        "Next example",
        EXAMPLE,
        LOOK,
        lambda d: d.explainer.show_example(1),
        word=_example_word,
        rank=5,
        verb=Verb(("n", "next"), "", "Show the next example of the batch.", lambda s, rest: s.next_example(rest)),
    ),
    Action(
        "previous-example",
        "N",
        "Previous example",
        EXAMPLE,
        LOOK,
        lambda d: d.explainer.show_example(-1),
        verb=Verb(
            ("N", "previous"), "", "Show the previous example of the batch.", lambda s, rest: s.previous_example(rest)
        ),
    ),
    Action(
        "presentation",
        "P",
        "Presentation",
        "presentation: the number under the cursor in large figures, and back",
        LOOK,
        lambda d: d.panels.present(),
        word=lambda view: "leave presentation" if view.is_presenting else "",
        rank=4,
    ),
    Action(
        "hide-answer",
        "A",
        "Hide/show the answer",
        "hide the number under the cursor, to guess it; show it again",
        LOOK,
        lambda d: d.see(is_hiding=not d.view.is_hiding),
        word=lambda view: "show the answer" if view.is_hiding else "",
        rank=0,
    ),
    Action(
        "output",
        "i",
        "Output",
        "of a PyTorch training: show the output of the script",
        LOOK,
        lambda d: d.foreign.show_output(),
    ),
    Action("theme", "T", "Theme", "dark or light colours", LOOK, _take_other_theme),
    Action(
        "large-panel",
        "l",
        "Large panel",
        "maximize the panel, and back",
        LOOK,
        lambda d: d.panels.enlarge(),
        word=lambda view: "all panels" if view.is_large else "",
        rank=0,
    ),
    Action("narrower", "less_than_sign", "Narrower", SIZES, LOOK, lambda d: d.panels.widen(ACROSS, -1), display="<"),
    Action("wider", "greater_than_sign", "Wider", SIZES, LOOK, lambda d: d.panels.widen(ACROSS, 1), display=">"),
    Action("lower", "left_parenthesis", "Lower", SIZES, LOOK, lambda d: d.panels.widen(DOWN, -1), display="("),
    Action("higher", "right_parenthesis", "Higher", SIZES, LOOK, lambda d: d.panels.widen(DOWN, 1), display=")"),
    Action(
        "reset-sizes",
        "0",
        "Reset the sizes",
        SIZES,
        LOOK,
        lambda d: d.panels.reset_sizes(),
    ),
    Action(
        "save",
        "w",
        "Save",
        "save a session file; nn-tui open FILE resumes it",
        KEEP,
        lambda d: d.saver.ask(),
        needs=Ability.SAVE,
    ),
    Action("export-or-copy", "E", "Export or copy", EXPORT, KEEP, lambda d: d.exporter.ask()),
    Action(
        "copy-the-number",
        "C",
        "Copy the number",
        EXPORT,
        KEEP,
        lambda d: d.exporter.copy(),
    ),
    Action(
        "show-keys",
        "K",
        "Show keys",
        "show each key that is pressed, and its action, for an audience",
        PROGRAM,
        _show_keys,
    ),
    Action(
        "tour",
        "f2",
        "Tour",
        "take the tour: cards that name the keys to press",
        PROGRAM,
        lambda d: d.app.run_action(f"app.tour({d.tour.next_lesson!r})"),
    ),
    Action("presets", "p", "Presets", "choose a preset", PROGRAM, "app.presets"),
    Action(
        "help-of-the-panel",
        "f1",
        "Help of the panel",
        HELP,
        PROGRAM,
        lambda d: d.show_panel_help(),
    ),
    Action(
        "help",
        "question_mark",
        "Help",
        HELP,
        PROGRAM,
        "app.help",
        display="?",
        word="help",
        rank=1000,
        verb=Verb(("?", "help"), "", "List the commands.", lambda s, rest: (verb.line for verb in VERBS)),
    ),
    Action(
        "quit",
        "q",
        "Quit",
        "quit",
        PROGRAM,
        lambda d: d.saver.quit(),
        verb=Verb(("q", "quit", "exit"), "", "Quit.", lambda s, rest: s.quit(rest)),
    ),
)
TOUR_ACTIONS: tuple[Action["Dashboard"], ...] = (
    Action(
        "next-card",
        "right",
        "Next card",
        CARDS,
        PROGRAM,
        lambda d: d.tour.turn(1),
        display="→",
        word=_next_card_word,
        rank=-3,
        is_urgent=True,
    ),
    Action(
        "previous-card",
        "left",
        "Previous card",
        CARDS,
        PROGRAM,
        lambda d: d.tour.turn(-1),
        display="←",
        word="previous card",
        rank=-2,
        is_urgent=True,
    ),
)
"""Actions during a tour only; then the arrows belong to its cards in every panel."""
VERBS: tuple[Verb, ...] = (
    *(action.verb for action in ACTIONS if action.verb),
    Verb(("loss",), "", "Show the loss of the batch and of all examples.", lambda s, rest: s.loss(rest)),
    Verb(("show",), "", "Show every number of the step.", lambda s, rest: s.show(rest)),
)
"""The commands of the text mode; a few have no key."""
