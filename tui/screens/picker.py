"""The picker: a preset to open, or a file."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from ...presets.catalogue import find, names
from ...presets.schema import Named, Preset, tag_of
from ..text.safe import safe

NAME_WIDTH = max(map(len, names())) + 2


class Picker(Screen[str | None]):
    """A list of the presets with what there is to know of each; its result is the target that was chosen."""

    BINDINGS = [
        Binding("o", "name_file", "Open a file"),
        Binding("escape", "leave", "Back"),
        Binding("q", "app.quit", "Quit"),
    ]

    def compose(self) -> ComposeResult:
        """The list, what is chosen, and a line for a file's name."""
        yield Static("nn-tui  choose a preset: enter opens it", id="picker-title")
        with Horizontal(id="picker-body"):
            yield OptionList(*(Option(self._row(name), id=name) for name in names()), id="picker-list")
            with Vertical(id="picker-detail"):
                yield Static(id="picker-text")
        yield Input(placeholder="a preset's file, such as my-net.toml", id="picker-file")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin in the list."""
        self.query_one(Input).display = False
        self.query_one(OptionList).focus()

    @on(OptionList.OptionHighlighted)
    def describe(self, event: OptionList.OptionHighlighted) -> None:
        """Tell about the preset under the cursor."""
        self.query_one("#picker-text", Static).update(_description(find(event.option_id or "")))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Open the preset under the cursor."""
        self.dismiss(event.option_id)

    @on(Input.Submitted)
    def choose_file(self, event: Input.Submitted) -> None:
        """Open the file whose name was typed."""
        if event.value.strip():
            self.dismiss(event.value.strip())

    def action_name_file(self) -> None:
        """Ask for a file's name."""
        line = self.query_one(Input)
        line.display = True
        line.focus()

    def action_leave(self) -> None:
        """Go back to the list, or leave the picker."""
        line = self.query_one(Input)
        if line.display:
            line.display = False
            self.query_one(OptionList).focus()
        else:
            self.dismiss(None)

    def _row(self, name: str) -> Content:
        return Content(f"{name:<{NAME_WIDTH}}{safe(find(name).title)}")


def _name(optimizer: str | Named) -> str:
    return optimizer if isinstance(optimizer, str) else tag_of(optimizer)


def _description(preset: Preset) -> Content:
    """What there is to know of a preset."""
    network, training = preset.network, preset.training
    activations = network.activations if isinstance(network.activations, str) else ", ".join(network.activations)
    facts = [
        ("layers", "-".join(map(str, network.layers))),
        ("activations", activations),
        ("bias", network.bias if network.train_bias else f"{network.bias}, fixed"),
        ("loss", training.loss),
        ("optimizer", f"{_name(training.optimizer)}, learning rate {training.learning_rate:g}"),
        ("batch size", str(training.batch_size)),
    ]
    return Content.assemble(
        (safe(preset.title), "bold"),
        "\n\n",
        safe(preset.summary),
        "\n\n",
        "\n".join(f"{name:<12} {value}" for name, value in facts),
        "\n\n",
        (f"Source: {safe(preset.source)}", "dim"),
    )
