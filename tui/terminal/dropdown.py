"""A dropdown: Textual's own, with a list on which keys and clicks that come too early or too late do no harm."""

from textual.app import ComposeResult
from textual.widgets import Select
from textual.widgets._select import SelectCurrent, SelectOverlay

from .patient_lists import PatientList


class Overlay(SelectOverlay, PatientList):
    """The list of a dropdown."""


class Dropdown(Select[str]):
    """A choice from a few words."""

    def compose(self) -> ComposeResult:
        """The word, and its list."""
        yield SelectCurrent(self.prompt)
        yield Overlay().data_bind(compact=Select.compact)
