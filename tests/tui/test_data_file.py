"""A data file in the dashboard: how it was read is told, and its rows keep their numbers."""

import json
from pathlib import Path
from re import search

import pytest

from nn_tui.presets.csv.reader import read_table
from nn_tui.presets.preset_file import parse_preset
from nn_tui.presets.reopened import opened as opened_session
from nn_tui.presets.sessions.share_link import share_link
from nn_tui.tui.app import NNApp
from nn_tui.tui.commands.overridden_preset import preset_with
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.picker_items import picker_items, whole
from nn_tui.tui.dialogs.reading_dialogs import PanelHelp
from nn_tui.tui.text.data_names import data_remarks, data_title
from nn_tui.tui.text.preview import Preview
from nn_tui.tui.text.preview_training import PreviewTraining

from ..helpers.app import dashboard, drawn, text, until, until_shown
from ..helpers.command_line import call
from ..helpers.pages import text_of
from ..helpers.quantities import quantity

CASES = Path(__file__).parents[1] / "data" / "csv"
ORIGIN = "bool_feature.csv: 30 rows, header (x1, smoker, species), target species: 3 classes a, b, c; true, false as 1, 0: smoker"


async def test_the_dashboard_says_how_a_file_was_read_and_shows_its_rows_to_edit_too() -> None:
    preset = preset_with("2-4-3", data=str(CASES / "bool_feature.csv"), test=0.3)
    cells = read_table(CASES / "bool_feature.csv").rows
    app = NNApp("2-4-3", preset)
    async with app.run_test(size=(200, 60)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        await until(pilot, lambda: "data — true, false as 1, 0: smoker" in drawn(pilot).splitlines()[0])
        assert not app._notifications

        train = dashboard(pilot).view.trainer.train  # type: ignore[union-attr]
        assert train.rows is not None
        number = next(n for n, row in enumerate(train.rows.tolist()) if row != n + 1)
        row = int(train.rows[number])
        await pilot.press(*["n"] * number)
        await until(pilot, lambda: "bool_feature.csv: 30 rows" in drawn(pilot).splitlines()[0])
        await until(pilot, lambda: bool(search(rf"example {number + 1} of 21, row {row}\b", drawn(pilot))))
        assert train.X[number, 0] == float(cells[row - 1][0])

        await pilot.press("f1")
        await until_shown(pilot, PanelHelp)
        assert f"Data: {ORIGIN[:40]}" in " ".join(drawn(pilot).split())

        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Dashboard))
        dashboard(pilot).see(cursor=quantity(f"x[1]@{number + 1}"))
        dashboard(pilot).editor.ask_for_number()
        await until(pilot, lambda: f"x[1]@{number + 1}, row {row} of the data" in drawn(pilot))


HOUSES = "area,price\n30,-99000\n120.5,280000\n80,300000\n"
LARGE_AREA = "large input area, such as 120.5: --standardize scales the inputs"
LARGE_PRICE = "large target price, such as 300000: --standardize-target scales the targets"


@pytest.mark.parametrize(
    ("options", "hints"),
    [
        ((), [LARGE_AREA, LARGE_PRICE]),
        (("--standardize",), [LARGE_PRICE]),
        (("--standardize-target",), [LARGE_AREA]),
        (("--standardize", "--standardize-target"), []),
    ],
)
def test_large_numbers_are_said_with_the_option_that_scales_them(
    tmp_path: Path, options: tuple[str, ...], hints: list[str]
) -> None:
    (tmp_path / "x.csv").write_text(HOUSES, encoding="utf-8")

    done = call("train", "1-1", "--data", str(tmp_path / "x.csv"), "--steps", "1", *options)

    assert done.stderr.splitlines()[0].split("; ")[1:] == hints


def test_errors_and_predictions_of_a_standardized_target_are_in_the_units_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,price\n1,100\n2,300\n", encoding="utf-8")
    options = ("1-1", "--data", str(tmp_path / "x.csv"), "--standardize", "--standardize-target")

    sentence = call("train", *options, "--steps", "0").stdout
    result = json.loads(call("train", *options, "--steps", "0", "--json").stdout)
    (w,) = json.loads(call("train", *options, "--steps", "0", "--trace").stdout)["layers"][0]["W"][0]

    # Mean 200 and deviation 100 make the inputs and the targets −1 and 1, so the errors are (w − 1) · −1 and w − 1.
    assert result["train_rmse"] == [pytest.approx(100 * abs(w - 1))] and result["test_rmse"] is None
    assert f"  train RMSE {100 * abs(w - 1):.4g}" in sentence
    assert "RMSE" not in call("train", *options[:-1], "--steps", "0").stdout


async def test_a_prediction_is_shown_in_the_units_of_the_file_too(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,price\n1,100\n2,300\n", encoding="utf-8")
    preset = preset_with("1-1", data=str(tmp_path / "x.csv"), standardize=True, standardize_target=True)
    app = NNApp("1-1", preset)
    async with app.run_test(size=(200, 60)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        y_hat = float(dashboard(pilot).view.snapshot.forward.y_hat[0, 0])  # type: ignore[union-attr]

        await until(pilot, lambda: f"target −1   in the data {200 + 100 * y_hat:g} → 100" in drawn(pilot))


async def test_a_target_has_its_letter_where_digits_must_go(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b,c,price\n1,2,0,148453\n2,1,1,312000\n3,3,0,99250\n", encoding="utf-8")
    preset = preset_with("3-6-1", data=str(tmp_path / "x.csv"), standardize=True, standardize_target=True)
    app = NNApp("3-6-1", preset)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        y = f"{float(dashboard(pilot).view.snapshot.forward.y[0, 0]):.2f}".replace("-", "−")  # type: ignore[union-attr]

        await until(pilot, lambda: f" t {y}" in text(pilot, "network"))


@pytest.mark.parametrize(
    ("rows", "options", "expected"),
    [
        ("1,0 2,1", (), ("bce", "sigmoid")),
        ("1,no 2,yes", (), ("bce", "sigmoid")),
        ("1,0 2,1", ("--loss", "mse"), ("mse", "identity")),
        ("1,0 2,1 3,2", (), ("mse", "identity")),
        ("1,1 2,1", (), ("mse", "identity")),
        ("1,0 2,1", ("--standardize-target",), ("mse", "identity")),
    ],
)
@pytest.mark.parametrize("is_file", [True, False])
def test_a_shape_with_one_output_learns_two_classes_by_bce(
    tmp_path: Path, *, rows: str, options: tuple[str, ...], expected: tuple[str, str], is_file: bool
) -> None:
    text = "a,y\n" + rows.replace(" ", "\n") + "\n"
    (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    data = str(tmp_path / "f.csv") if is_file else "-"

    done = call("export", "1-2-1", "--data", data, *options, "--format", "toml", stdin="" if is_file else text)
    preset = parse_preset(done.stdout, "x")

    activations = preset.network.activations
    assert (preset.training.loss, activations[-1]) == expected
    assert done.stderr.count("the target has two classes, so the loss is bce") == (expected[0] == "bce")


def test_what_was_decided_of_a_file_is_short_or_named_by_its_key() -> None:
    assert data_title(ORIGIN) == "bool_feature.csv: 30 rows"
    assert data_title("two rows of nothing") == "two rows of nothing"
    assert data_remarks(ORIGIN, 80) == "data — true, false as 1, 0: smoker"
    assert data_remarks(ORIGIN, 32) == "f1 shows how the data was read"
    assert data_remarks(ORIGIN.partition(";")[0], 80) == ""


def test_a_shared_line_says_how_its_file_was_read() -> None:
    preset = preset_with("2-4-3", data=str(CASES / "bool_feature.csv"))

    found = opened_session(share_link(preset, Path(), (), 2))

    assert found.experiment.trainer.train.origin == ORIGIN


def test_the_preview_says_how_the_file_of_an_own_preset_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NN_TUI_PRESETS", str(tmp_path))
    (tmp_path / "d.csv").write_text("x,y\n1,0\n2,1\n3,1\n", encoding="utf-8")
    (tmp_path / "mine.toml").write_text(
        'name = "mine"\n[network]\nlayers = [1, 1]\nactivations = "sigmoid"\ninit = { scheme = "xavier" }\n'
        '[training]\nloss = "bce"\nlearning_rate = 0.1\n[data]\nfile = "d.csv"\n',
        encoding="utf-8",
    )

    (mine,) = (whole(each) for each in picker_items() if each.target == "mine")
    assert mine.preset
    training = PreviewTraining.of_preset(mine.preset, tmp_path)
    shown = "\n".join(text_of(Preview(mine.preset, training=training).page(80, 40)))

    assert "3 examples" in shown and "d.csv: 3 rows, header (x, y), target y: 2 classes 0, 1" in shown
