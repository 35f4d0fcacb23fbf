"""The names that data gives inputs, outputs and classes."""

from pathlib import Path

from msgspec.structs import replace

from nn_tui.presets.build import build
from nn_tui.presets.catalogue import preset_of_shape
from nn_tui.presets.examples import with_inline_data
from nn_tui.presets.schema import DataTable
from nn_tui.tui.text.data_names import DataNames, class_labels
from tests.helpers.experiments import experiment, experiment_of


def of_file(folder: Path, text: str, shape: str, loss: str) -> DataNames:
    """The names of a CSV file, as a session keeps them."""
    (folder / "x.csv").write_text(text)
    preset = replace(preset_of_shape(shape, loss), data=DataTable(file=str(folder / "x.csv")))
    return DataNames.of(build(with_inline_data(preset, folder), Path()).trainer)


def test_the_columns_of_a_file_name_inputs_and_its_classes_name_outputs() -> None:
    names = DataNames.of(experiment_of("iris").trainer)

    assert [names.input(n) for n in range(4)] == ["sepal length", "sepal width", "petal length", "petal width"]
    assert [names.output(n) for n in range(3)] == ["setosa", "versicolor", "virginica"]
    assert (
        class_labels(names.data, names.classes)[1] == "versicolor" and names.has_input_names and names.has_class_names
    )


def test_digits_are_the_names_of_their_outputs() -> None:
    names = DataNames.of(experiment_of("digits").trainer)

    assert "".join(names.output(n) for n in range(10)) == "0123456789"


def test_data_without_names_has_symbols() -> None:
    names = DataNames.of(experiment_of("3-4-1").trainer)

    assert (names.input(2), names.output(0), class_labels(names.data)[1]) == ("x₃", "ŷ₁", "1")
    assert names.input_name(0) is None and names.output_name(0) is None


def test_the_classes_of_a_single_output_are_named_beside_the_output(tmp_path: Path) -> None:
    names = of_file(tmp_path, "age,sex,survived\n1,0,no\n2,1,yes\n", "2-1", "bce")

    assert (names.input(1), names.output(0), *class_labels(names.data, names.classes)) == (
        "sex",
        "survived",
        "no",
        "yes",
    )


def test_targets_that_are_numbers_have_the_names_of_their_columns(tmp_path: Path) -> None:
    names = of_file(tmp_path, "a,height,width\n1,0.5,2\n2,1.5,3\n", "1-2", "mse")

    assert [names.output(n) for n in range(2)] == ["height", "width"]


def test_a_file_without_a_header_has_symbols(tmp_path: Path) -> None:
    names = of_file(tmp_path, "1,0.5\n2,1.5\n", "1-1", "mse")

    assert (names.input(0), names.output(0)) == ("x₁", "ŷ₁")


def test_a_preset_may_name_its_inputs_and_targets_and_a_hostile_name_is_harmless() -> None:
    of = experiment(data__input_names=["hours\x1b[2J", ""], data__target_names=["passed"])
    names = DataNames.of(of.trainer)

    assert (names.input(0), names.input(1), names.output(0)) == ("hours\\x1b[2J", "x₂", "passed")
