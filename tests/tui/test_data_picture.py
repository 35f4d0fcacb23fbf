"""A preset's data as a small picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.training.classes import Classes
from nn_tui.core.training.dataset import Dataset
from nn_tui.presets.catalogue import builtin_names, find, folder_of
from nn_tui.presets.examples import examples
from nn_tui.tui.text.picture.data_picture import data_picture


def data_of(name: str) -> Dataset:
    return examples(find(name), folder_of(name))[0]


def dataset(X: list[list[float]], y: list[list[float]], classes: tuple[str, ...] = ()) -> Dataset:
    return Dataset(X=np.array(X), y=np.array(y), class_names=classes)


def test_points_stand_where_their_inputs_are() -> None:
    *lines, sides = data_picture(data_of("xor"), Classes(0, 1), 30, 9)
    assert lines[0].split() == ["●", "○"] and lines[-1].split() == ["○", "●"]
    assert sides == "→x₁ −0.1…1.1  ↑x₂ −0.1…1.1"


def test_a_curve_rises_with_its_targets() -> None:
    lines = data_picture(dataset([[0], [1], [2], [3]], [[0], [1], [2], [3]]), None, 30, 5)[:-1]
    columns = [line.index("•") for line in reversed(lines)]
    assert columns == sorted(columns) and len(set(columns)) == 4


@pytest.mark.parametrize(
    ("target", "classes", "mark"), [(1, Classes(0, 1), "●"), (0, Classes(0, 1), "○"), (1, None, "•")]
)
def test_a_point_has_the_mark_of_its_class_where_no_other_occurs_and_of_none_where_targets_are_numbers(
    target: float, classes: Classes | None, mark: str
) -> None:
    corners = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]

    *lines, _ = data_picture(dataset(corners, [[target]] * 4), classes, 30, 9)

    assert "".join(lines).split() == [mark] * 4


def test_an_image_is_dark_where_its_pixels_are_low() -> None:
    image = [0.0] * 32 + [16.0] * 32
    *lines, name = data_picture(dataset([image, image], [[1, 0], [0, 1]], ("low", "high")), Classes(0, 1), 40, 9)
    assert lines[0].strip() == "" and lines[-1].startswith("█" * 16) and name.split() == ["low", "high"]


def test_rows_say_how_many_more_there_are() -> None:
    assert data_picture(data_of("iris"), Classes(0, 1), 40, 4)[-1] == "… 109 more"


def test_a_name_from_outside_is_harmless() -> None:
    X = [[float(n)] * 3 for n in range(2)]
    assert "\x1b" not in "".join(data_picture(dataset(X, [[1, 0], [0, 1]], ("\x1b[2J", "b")), Classes(0, 1), 40, 9))


@pytest.mark.parametrize("name", builtin_names())
def test_every_preset_fits(name: str) -> None:
    data = data_of(name)
    for classes in (Classes(0, 1), None):
        lines = data_picture(data, classes, 34, 9)
        assert 0 < len(lines) <= 9 and max(map(len, lines)) <= 34


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 30), st.floats(-1e300, 1e300))
def test_any_data_has_a_picture(n_in: int, n_out: int, count: int, value: float) -> None:
    lines = data_picture(Dataset(X=np.full((count, n_in), value), y=np.full((count, n_out), value)), None, 34, 9)
    assert 0 < len(lines) <= 9


@pytest.mark.filterwarnings("error")
def test_numbers_as_large_as_a_float_can_be_are_drawn() -> None:
    lines = data_picture(dataset([[-1.7e308], [0], [1], [1.7e308]], [[-1.7e308], [0], [1], [1.7e308]]), None, 30, 7)

    assert "".join(lines[:-1]).count("•") == 3


@pytest.mark.filterwarnings("error")
def test_an_input_beyond_every_float_has_no_warning() -> None:
    data = Dataset(X=np.zeros((1, 1)), y=np.zeros((1, 1)), scale=(np.zeros(1), np.array([1e308])))

    assert data.original(np.array([[3.0]])).tolist() == [[np.inf]]
