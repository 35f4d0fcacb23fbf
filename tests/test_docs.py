"""The pages of the documentation: what they list is what there is, and what they show is true."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import click
import msgspec
import pytest
from msgspec import structs

import nn_tui
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.quantity import Kind, Quantity
from nn_tui.presets import schema
from nn_tui.presets.catalogue import builtin_names, find
from nn_tui.presets.schema import Preset
from nn_tui.presets.toml_reader import convert_tables
from nn_tui.presets.verification import FigureVerdict, verify
from nn_tui.tui.command_line import COMMANDS, command_named
from nn_tui.tui.commands.overrides import OPTIONS
from nn_tui.tui.config import NAMES, SINGLE, Config
from nn_tui.tui.dashboard.actions import VERBS
from nn_tui.tui.dashboard.all_actions import DASHBOARD_ACTIONS

from .helpers.docs import CHECKOUT, page, rows, section

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    *sorted(f"docs/{path.name}" for path in CHECKOUT.glob("docs/*.md")),
]
TABLES = [each for each in vars(schema).values() if isinstance(each, type) and issubclass(each, msgspec.Struct)]
VISIBLE = [command for command in map(command_named, COMMANDS) if not command.hidden]


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page(name), re.DOTALL)


def check_rows(found: list[str], expected: list[str], where: str) -> None:
    missing = [each for each in expected if each not in found]
    assert not missing, f"{where} lacks these rows:\n" + "\n".join(missing)
    left = [each for each in found if each not in expected]
    assert not left, f"{where} has rows of nothing; remove them:\n" + "\n".join(left)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_file_and_a_heading(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        path, _, anchor = link.partition("#")
        target = (CHECKOUT / name).parent / path if path else CHECKOUT / name
        assert target.exists(), f"{name} links to {link}, which does not exist"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
            assert anchor in anchors, f"{name} links to {link}, but that page has no such heading"


def test_the_readme_links_to_every_page_and_is_short() -> None:
    text = page("README")
    pages = [each for each in PAGES if each != "README.md"]
    missing = [each for each in pages if f"]({each})" not in text]
    assert not missing, f"README.md has no link to {', '.join(missing)}: add a row to its table of pages"
    assert len(text.splitlines()) < 150


def test_the_architecture_has_every_folder_of_the_code() -> None:
    text = (CHECKOUT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = {path.parent.relative_to(CHECKOUT).as_posix() for path in CHECKOUT.glob("[cptn]*/**/__init__.py")}
    missing = sorted(
        each for each in folders if not each.startswith("tests") and f"`{each}`" not in text and each != "core"
    )
    assert not missing, f"docs/ARCHITECTURE.md does not have {', '.join(missing)}"


def options(command: click.Command) -> list[str]:
    """A row for each option of a command."""
    return [_row(each) for each in command.params if isinstance(each, click.Option)]


def _row(option: click.Option) -> str:
    text = (option.help or "").replace("|", r"\|")
    if isinstance(option.type, click.Choice) and option.name == "form":
        text = f"{text} One of: {', '.join(option.type.choices)}."
    return f"| `{'/'.join([*option.opts, *option.secondary_opts])}` | {text} |"


@pytest.mark.parametrize("command", VISIBLE, ids=lambda command: str(command.name))
def test_the_docs_have_every_option(command: click.Command) -> None:
    text = page("commands")
    shared = rows(section(text, "## Options that change a preset")) + rows(section(text, "## Common options"))
    own = [each for each in rows(section(text, f"## {command.name}")) if each.startswith("| `--")]
    expected = [each for each in options(command) if each not in shared]
    if command.name in ("config", "step"):  # their options are those of the configuration
        expected = [each for each in expected if each.partition("`")[2].partition("`")[0] in ("--json",)]
    if command.name == "tour":  # it has those of the configuration too
        own_names = ("--list", "--check")
        expected = [each for each in expected if each.partition("`")[2].partition("`")[0] in own_names]
    check_rows([each for each in own if " content " not in each], expected, f"docs/commands.md, {command.name},")


def test_the_docs_have_the_options_that_change_a_preset() -> None:
    def command() -> None: ...

    for option in reversed(OPTIONS):
        command = option(command)
    expected = [_row(each) for each in reversed(command.__click_params__)]  # type: ignore[attr-defined]
    assert rows(section(page("commands"), "## Options that change a preset")) == expected


def test_the_docs_have_every_command_of_the_text_mode() -> None:
    expected = [
        f"| {' '.join(f'`{word}`' for word in verb.words)}{' ' * bool(verb.arguments)}"
        f"{verb.arguments.replace('|', chr(92) + '|')} | {verb.help} |"
        for verb in VERBS
    ]
    check_rows(rows(section(page("commands"), "## step")), expected, "docs/commands.md, step,")


def test_the_example_of_a_preset_is_one() -> None:
    preset = convert_tables(tomllib.loads(blocks("file-format", "toml")[0]), Preset, "file-format.md")

    assert [each.verdict for each in verify(preset, Path())] == [FigureVerdict.AGREES]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_the_format_has_every_key(table: type[msgspec.Struct]) -> None:
    text = page("file-format")
    missing = [each.name for each in structs.fields(table) if not re.search(rf"\b{each.name}\b", text)]
    assert not missing, f"docs/file-format.md does not have these keys of {table.__name__}: {', '.join(missing)}"


def test_the_format_has_every_name_that_a_preset_can_choose() -> None:
    text = page("file-format")
    names = [*get_args(schema.DatasetName), *get_args(schema.BiasName), *get_args(schema.NotationName)]
    assert not [name for name in (*names, *get_args(schema.SchemeName)) if name not in text]


def test_the_format_lists_the_presets() -> None:
    expected = [
        f"| `{name}` | {'-'.join(map(str, find(name).network.layers))} | {find(name).title} |"
        for name in builtin_names()
    ]
    assert rows(section(page("file-format"), "## Presets that come with nn-tui")) == expected


def test_the_configuration_has_every_key_and_its_default() -> None:
    said: dict[str, Any] = tomllib.loads(blocks("configuration", "toml")[0])
    config = convert_tables(said, Config, "configuration.md")

    assert tuple(said) == NAMES
    free = ("theme", "notation", "decimals")
    assert {name: said[name] for name in SINGLE if name not in free} == {
        name: getattr(Config(), name) for name in SINGLE if name not in free
    }
    assert config.keys == {"step": "j"}


def test_the_configuration_lists_the_actions() -> None:
    expected = [f"| `{each.name}` | {' '.join(f'`{key}`' for key in each.shown_keys)} |" for each in DASHBOARD_ACTIONS]
    check_rows(rows(section(page("configuration"), "## Keys")), expected, "docs/configuration.md")


def quantities() -> list[str]:
    """The names in the first column of the table."""
    table = rows(page("quantities").partition("## Notation")[0])
    return [name for row in table for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])]


@pytest.mark.parametrize("name", quantities())
def test_each_quantity_is_one(name: str) -> None:
    assert str(Quantity.parse(name)) == name


def test_the_quantities_have_every_kind() -> None:
    missing = set(Kind) - {Quantity.parse(name).kind for name in quantities()}
    assert not missing, f"docs/quantities.md has no example of {', '.join(missing)}"


@pytest.mark.parametrize("notation", get_args(schema.NotationName))
def test_the_quantities_show_each_notation(notation: str) -> None:
    run = nn_tui.open("3-4-1")
    labels = run._debugger.timeline.trainer.network.names.labels(Notation(notation))
    label = labels.text(Quantity.parse("w1[4,3]"))
    assert f"| `{notation}` | `{label}` |" in page("quantities")


def test_the_examples_of_python_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in blocks("python", "python"):
        exec(block, names)
    assert (tmp_path / "mine.nn-session").exists()


def test_the_page_of_python_has_every_name_of_a_run() -> None:
    text = page("python")
    missing = [
        name
        for name in vars(nn_tui.Run)
        if not name.startswith("_") and not re.search(rf"`{name}\b|`run\.{name}\b", text)
    ]
    assert not missing, f"docs/python.md does not have {', '.join(missing)} of Run"
