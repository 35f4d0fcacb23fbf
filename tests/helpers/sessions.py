"""Sessions: a timeline with branches, and tables that a stranger has altered."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from nn_tui.core.steps.events import Updated
from nn_tui.core.timeline.timeline import Timeline
from nn_tui.core.training.changes import Change
from nn_tui.presets.preset_file import check_preset, preset_of_tables

from .experiments import tables
from .quantities import change_of
from .time_travel import OF

PRESET = check_preset(preset_of_tables(tables(training__optimizer="adam", training__learning_rate=0.1), "test"), "test")
"""Of the experiment of the time travels."""


def go_on(timeline: Timeline, step: int) -> None:
    for event in timeline.trainer.events(timeline.state()):
        if timeline.position.step == step:
            return
        if isinstance(event, Updated):
            timeline.keep(event)


def forked() -> Timeline:
    timeline = Timeline(OF)
    go_on(timeline, 6)
    timeline.change(Change("learning_rate", 0.2))
    go_on(timeline, 8)
    timeline.go_to(4)
    timeline.change(change_of("w1[1,1]", 0.25))
    go_on(timeline, 7)
    return timeline


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, -1, 0, 1, 2, 3, 7, 2**53, 2**62, 0.5, "", "x", b"", b"\0" * 8, [], {}, [0], "w1[1,1]"]
)


def put(table: Any, data: st.DataObject) -> None:
    """Something else, anywhere in a table."""
    while True:
        keys = list(table) if isinstance(table, dict) else list(range(len(table)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(table[key], dict | list) or data.draw(st.integers(0, 9)) == 0:
            table[key] = deepcopy(data.draw(ODD))
            return
        table = table[key]
