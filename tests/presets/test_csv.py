"""CSV files as people have them: each becomes the right numbers, or one line that says what to do."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from nn_tui.core.data.dataset import Dataset
from nn_tui.presets.csv.reader import read_table
from nn_tui.presets.errors import PresetError
from nn_tui.presets.examples import examples, with_inline_data
from nn_tui.presets.preset_file import check_preset, preset_of_tables
from nn_tui.presets.schema import Preset

from ..helpers.experiments import tables
from ..helpers.fuzz import FUZZ

pytestmark = pytest.mark.filterwarnings("error")
CASES = Path(__file__).parents[1] / "data" / "csv"
CLASSES = [[2.33, -2.54], [3.78, -3.37], [0.1, -0.07], [0.16, 1.19], [2.62, -1.9]]
"""The first features of most cases; their classes are b c a a b."""
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
OUTPUT = {"cross-entropy": "softmax", "bce": "sigmoid"}


def preset_of(file: Path, shape: str, loss: str, **data: Any) -> Preset:
    sizes = [int(size) for size in shape.split("-")]
    changes: dict[str, Any] = {"network__layers": sizes, "training__loss": loss}
    changes |= {"network__activations": ["tanh"] * (len(sizes) - 2) + [OUTPUT.get(loss, "identity")]}
    changes |= {"data__inputs": None, "data__targets": None, "data__file": str(file)}
    changes |= {f"data__{key}": value for key, value in data.items()}
    return check_preset(preset_of_tables(tables(**changes), "test"), "test")


def read(name: str, shape: str = "2-4-3", loss: str = "cross-entropy", **data: Any) -> Dataset:
    """What a case says; warnings are errors."""
    return examples(preset_of(CASES / f"{name}.csv", shape, loss, **data), CASES)[0]


def written(folder: Path, text: str, shape: str, loss: str = "mse", **data: Any) -> Dataset:
    """What a file with this text says."""
    (folder / "x.csv").write_bytes(text.encode())
    return examples(preset_of(folder / "x.csv", shape, loss, **data), folder)[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("blank_lines", "header (x1, x2, species), target species"),
        ("trailing_ws_line", "header (x1, x2, species), target species"),
        ("empty_cells_end_excel", "header (x1, x2, species), target species"),
        ("numeric_header", "header (0, 1, species), target species"),
        ("sep_line", "header (x1, x2, species), semicolons, target species"),
        ("semicolon_decimal_comma", "header (x1, x2, species), semicolons, decimal comma, target species"),
        ("tab_decimal_comma", "header (x1, x2, species), tabs, decimal comma, target species"),
        (
            "quoted_comma_header_semicolon",
            "header ('length, cm', 'width, cm', 'kind, latin'), semicolons, target 'kind, latin'",
        ),
        ("utf16", "header (x1, x2, species), UTF-16, target species"),
        ("latin1", "header (x1, x2, Größe), Windows-1252, target Größe"),
    ],
)
def test_a_file_with_three_classes_is_read_however_it_is_written(name: str, words: str) -> None:
    data = read(name)

    assert data.X[:5].tolist() == CLASSES and len(data) == 30
    assert data.class_names == ("a", "b", "c") and data.y[:5].argmax(axis=1).tolist() == [1, 2, 0, 0, 1]
    assert data.origin == f"{name}.csv: 30 rows, {words}: 3 classes a, b, c"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a;b;y\n1.000;2;0\n12.500;3;1\n", "semicolons, decimal point: 1.000 is 1, target y"),
        ("a;b;y\n1,000;2;0\n12,500;3;1\n", "semicolons, decimal comma: 1,000 is 1, target y"),
        ("a\tb\ty\n-1.250\t2\t0\n", "tabs, decimal point: -1.250 is -1.25, target y"),
        ("a;b;y\n1.000;2;0\n12.5;3;1\n", "semicolons, target y"),
        ("a;b;y\n0.125;2;0\n1.000;2;0\n", "semicolons, target y"),
        ("a;b;y\n1,000;2;0\n12,5;3;1\n", "semicolons, decimal comma, target y"),
        ("a,b,y\n1.000,2,0\n", "target y"),
    ],
)
def test_a_decimal_sign_that_may_separate_thousands_is_said(tmp_path: Path, text: str, words: str) -> None:
    origin = written(tmp_path, text, "2-1").origin

    assert f"header (a, b, y), {words}: " in origin


def test_a_row_of_data_taken_for_the_header_is_seen(tmp_path: Path) -> None:
    origin = written(tmp_path, "1.2,3.x,a\n1.3,3.1,b\n1.1,2.9,a\n", "2-1", "bce").origin

    assert origin.startswith("x.csv: 2 rows, header (1.2, 3.x, a), target a")
    assert (
        "header (1, 2, '' …)" in written(tmp_path, "1,2,,a\n5,6,7.5,x\n8,9,2.5,y\n", "3-1", "bce", header=True).origin
    )


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_says_the_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "x.csv").write_bytes("\ufeffgröße,y\n1,2\n".encode(encoding))

    data = examples(preset_of(tmp_path / "x.csv", "1-1", "mse"), tmp_path)[0]

    assert data.X.tolist() == [[1]]
    assert data.origin.startswith(f"x.csv: 1 row, header (größe, y), {encoding[:6].upper()}, target y")


def test_a_damaged_utf_32_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\0\0a\0\0\0\0\0\x11\0")

    with pytest.raises(PresetError, match="byte 8: expected text in UTF-8, UTF-16, UTF-32 or Windows-1252"):
        read_table(tmp_path / "x.csv")


def test_an_accent_of_windows_is_read() -> None:
    data = read("cp1252_class")

    assert data.class_names == ("Café", "b", "c")


@pytest.mark.parametrize(
    ("name", "words"),
    [("numeric_header_all", "header (0, 1, 2), target 2"), ("class_numbers", "no header, target column 3")],
)
def test_classes_that_are_numbers_are_classes_of_a_classifying_output(name: str, words: str) -> None:
    data = read(name)

    assert data.X[:5].tolist() == CLASSES and data.y[:5].argmax(axis=1).tolist() == [1, 2, 0, 0, 1]
    assert data.origin == f"{name}.csv: 30 rows, {words}: 3 classes 0, 1, 2"


def test_an_index_as_pandas_writes_it_is_left_out() -> None:
    data = read("pandas_index")

    assert data.X[:5].tolist() == CLASSES
    assert data.origin.endswith("; ignored: column 1, row numbers")
    assert read("pandas_index", "1-4-3", features=["x2"]).X[:2].tolist() == [[-2.54], [-3.37]]


def test_true_and_false_are_1_and_0() -> None:
    data = read("bool_feature")

    assert data.X[:4].tolist() == [[2.33, 0], [3.78, 0], [0.1, 1], [0.16, 1]]
    assert data.origin.endswith("; true, false as 1, 0: smoker")


@pytest.mark.parametrize(
    ("name", "words"), [("onetwo", "2 classes 1, 2 as 0, 1"), ("neg_pos", "2 classes -1, 1 as 0, 1")]
)
def test_two_numbers_are_the_classes_0_and_1_of_one_output(name: str, words: str) -> None:
    data = read(name, "2-4-1", "bce")

    assert (
        set(data.y.ravel().tolist()) == {0, 1}
        and data.origin == f"{name}.csv: 30 rows, header (x1, x2, y), target y: {words}"
    )
    assert data.class_names == (("1", "2") if name == "onetwo" else ("-1", "1"))


def test_two_numbers_are_numbers_of_a_regression(tmp_path: Path) -> None:
    assert read("onetwo", "2-1", "mse").y[:3].tolist() == [[2], [2], [1]]
    assert read("neg_pos", "2-1", "hinge").y[:3].tolist() == [[-1], [-1], [1]]
    assert written(tmp_path, "a,y\n1,0\n2,1\n", "1-1", "hinge").y.tolist() == [[-1], [1]]


def test_columns_are_read_by_position_where_their_names_repeat_or_are_empty() -> None:
    assert read("dup3", "2-1", "mse").X.tolist() == [[1, 10], [2, 20], [3, 30]]
    assert read("two_empty_names", "2-1", "mse").X.tolist() == [[1, 10], [2, 20]]
    assert read("dup3", "1-1", "mse", features=[2]).X.tolist() == [[10], [20], [30]]
    assert read("dup3", "2-1", "mse", target="2").y.tolist() == [[10], [20], [30]]


def test_a_name_that_repeats_is_refused_where_it_is_asked_for() -> None:
    with pytest.raises(PresetError) as caught:
        read("dup3", "2-1", "mse", target="x")

    assert str(caught.value).endswith("2 columns are named 'x': expected one of the positions 1, 2 (data.target)")


def test_a_constant_column_is_standardized_to_0_and_named() -> None:
    data = read("const_0.1_10", "2-4-1", "bce", standardize=True)

    assert data.X[:, 1].tolist() == [0.0] * 10
    assert data.scale and data.scale.deviation[1] == 1  # what is exported divides by it: 1e-17 would make it huge
    np.testing.assert_allclose(data.X[:, 0].std(), 1, rtol=1e-12)
    assert data.origin == "const_0.1_10.csv: 10 rows, header (x1, x2, y), target y: 2 classes 0, 1; constant: x2"


@pytest.mark.parametrize(
    ("least", "step"), [(1e17, 16.0), (-1e17, 16.0), (1.0, 2.0**-52), (1e300, 2.0**944), (3e9, 2.0**-20)]
)
def test_numbers_alike_in_most_digits_are_standardized_as_others(tmp_path: Path, least: float, step: float) -> None:
    text = "a,b,y\n" + "".join(f"{least + n * step!r},{n},0\n" for n in (0, 1, 1, 0))

    data = written(tmp_path, text, "2-1", standardize=True)

    np.testing.assert_allclose(data.X, [[-1, -1], [1, 1], [1, 1], [-1, -1]], rtol=1e-12)
    np.testing.assert_allclose(data.original(data.X)[:, 0], [least + n * step for n in (0, 1, 1, 0)], rtol=4e-16)


def test_ordinary_numbers_are_standardized_to_the_same_bits_as_ever(tmp_path: Path) -> None:
    x = np.array([1.7e9 + 0.125, 1.7e9 + 86.5, 1.7e9 + 172.25])
    text = "a,y\n" + "".join(f"{each!r},0\n" for each in x.tolist())

    data = written(tmp_path, text, "1-1", standardize=True)

    assert data.X[:, 0].tolist() == ((x - x.mean()) / x.std()).tolist()


@pytest.mark.parametrize("factor", [1e-320, 1e-200, 1e300, 4e307])
def test_huge_and_tiny_numbers_are_standardized_as_others(tmp_path: Path, factor: float) -> None:
    huge, plain = (
        read("huge_values", "2-4-1", "bce", standardize=True),
        read("onetwo", "2-4-1", "bce", standardize=True),
    )
    x = np.array([3.0, -4.0, 1.0, 2.0])
    text = "a,b,y\n" + "".join(f"{each * factor!r},1,0\n" for each in x.tolist())

    extreme = written(tmp_path, text, "2-1", standardize=True)

    np.testing.assert_allclose(huge.X, plain.X, rtol=1e-12)
    np.testing.assert_allclose(extreme.X[:, 0], (x - x.mean()) / x.std(), rtol=1e-3 if factor == 1e-320 else 1e-12)


def test_a_number_that_float32_cannot_hold_is_reported() -> None:
    preset = preset_of(CASES / "huge_values.csv", "2-4-1", "bce")
    narrow = replace(preset, training=replace(preset.training, dtype="float32"))

    with pytest.raises(PresetError, match=r"row 1, feature 1: expected a number that float32 can hold, got 2.33e\+300"):
        examples(narrow, CASES)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "missing_feature_NA",
            "line 6, column x1: expected a number, got 'NA', a missing value: fill it in, or use --missing drop or --missing mean",
        ),
        (
            "missing_feature_empty",
            "line 6, column x1: expected a number, got nothing: fill it in, or use --missing drop or --missing mean",
        ),
        (
            "missing_target_NA",
            "line 6, column species: expected a class, got 'NA', a missing value: fill it in, or use --missing drop or --missing mean",
        ),
        (
            "title_line",
            "line 1: expected 3 values, as in the lines below, got 'Table 1: species', perhaps a title: delete the line",
        ),
        ("comment_lines", "lines 1 to 2: expected the table, got comments such as '# made by hand': delete the lines"),
        (
            "thousands",
            "line 2, column x1: expected a number, got '11,330': write it without a thousands separator, as 11330, or 11.330 if the comma is decimal",
        ),
        ("percent_feature", "line 2, column p: expected a number, got '25%': write it without the sign, as 0.25"),
        (
            "date_feature",
            "line 2, column date: expected a number, got '2024-01-01', a date: write it as a number, such as the day's, or leave the column out with --ignore",
        ),
        (
            "cat_feature",
            "line 2, column colour: expected a number, got 'blue': use --one-hot colour for an input of each of blue, red, or --ignore colour",
        ),
        (
            "class_like_numbers_10",
            "expected 3 targets, one for each output, got 1 class: 1 (target c): 01, 1, 1.0 are the same number, so name the classes by words",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line_with_the_way_on(name: str, line: str) -> None:
    with pytest.raises(PresetError) as caught:
        read(name)

    assert str(caught.value) == f"{CASES / name}.csv: {line}"


def test_a_line_is_counted_as_an_editor_counts_it() -> None:
    with pytest.raises(
        PresetError, match=r": line 4, column x2: expected a number, got 'bad': correct it, or delete the line$"
    ):
        read("quoted_newline_lineno", "2-1", "mse")


def test_without_a_target_the_last_column_holds_the_classes(tmp_path: Path) -> None:
    data = written(tmp_path, "a,b,c,d,y\n1,2,3,4,0\n2,3,4,5,1\n3,4,5,6,2\n", "4-8-3", "cross-entropy")

    assert data.X.shape == (3, 4) and data.y.tolist() == np.eye(3).tolist()
    assert read("silent_targets", "6-4-2").y.tolist() == [[1, 0], [0, 1], [0, 1]]
    with pytest.raises(
        PresetError, match=r"expected 5 features, one for each input, got 6: a, b, c, d, e … \(y is the t"
    ):
        read("silent_targets", "5-4-2")


def test_the_last_columns_are_targets_where_all_others_are_features(tmp_path: Path) -> None:
    one_hot = "a,p,q\n1,0,1\n2,1,0\n"

    assert written(tmp_path, one_hot, "1-2").y.tolist() == [[0, 1], [1, 0]]
    assert written(tmp_path, one_hot, "1-2", "cross-entropy").y.tolist() == [[0, 1], [1, 0]]
    with pytest.raises(PresetError, match="expected 2 features, one for each input, got 3: a, b, p"):
        written(tmp_path, "a,b,p,q\n1,2,0.5,1.5\n2,3,1,2\n", "2-3")
    with pytest.raises(PresetError, match="got the numbers of one column, y: name all 2 by --target or data.target"):
        written(tmp_path, "a,y\n1,0.5\n2,1\n", "1-2")


def test_a_class_that_does_not_occur_keeps_its_output(tmp_path: Path) -> None:
    data = written(tmp_path, "a,y\n1,0\n2,2\n", "1-3", "cross-entropy")

    assert data.y.tolist() == [[1, 0, 0], [0, 0, 1]] and data.class_names == ("0", "1", "2")


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("x,y\n1,2\n", True),
        ("1,2\n3,4\n", False),
        ("two,2\n3,4\n", True),
        (",2\n3,4\n", False),
        ("NA,2\n3,4\n", False),
        ("5.1,setosa\n4.9,setosa\n", False),
        ("2019,2020,2021\n1.5,2,3\n4.5,5,6\n", True),
        ("1,2,3\n4,5,6\n", False),
        ("1,2,3\n4,5.5,6\n7,8,9\n", False),
        ("0,1\n0.1,0.995\n0.2,0.98\n", False),
        ("0,1,kind\n0.1,0.9,a\n0.2,0.8,a\n", True),
        ("0,1,a\n0.1,0.9,a\n0.2,0.8,b\n", False),
        (",0,1\n0,5,1\n1,6,3\n", True),
        ("red,big\nblue,small\n", True),
        ("9" * 300 + ",1\n2,3\n", False),
    ],
)
def test_a_header_is_recognized_by_the_columns_below(tmp_path: Path, text: str, has_header: bool) -> None:
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")

    assert read_table(tmp_path / "x.csv").format.has_header is has_header
    assert read_table(tmp_path / "x.csv", header=not has_header).format.has_header is not has_header


@settings(max_examples=FUZZ)
@given(
    rows=st.integers(2, 4).flatmap(
        lambda n: st.lists(st.lists(NUMBERS, min_size=n, max_size=n), min_size=1, max_size=4)
    ),
    delimiter=st.sampled_from(",;\t"),
    has_header=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_table_is_read_to_the_same_numbers_however_it_is_written(
    rows: list[list[float]],
    delimiter: str,
    has_header: bool,
    encoding: str,
    newline: str,
    quoting: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text, file = io.StringIO(), tmp_path_factory.getbasetemp() / "round.csv"
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([[f"größe, {n}" for n in range(len(rows[0]))]] if has_header else [])
    sign = "." if delimiter == "," else ","
    writer.writerows([repr(number).replace(".", sign) for number in row] for row in rows)
    file.write_bytes(text.getvalue().encode(encoding))

    table = read_table(file, header=None if has_header else False)

    assert table.numbers(range(len(rows[0]))).tolist() == rows and table.format.has_header is has_header


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1;2,5\n2;3,5\n", [[1], [2]]),
        ("1,5;2.5\n", "'1,5': write it with a decimal point, as 1.5"),
        ("a b\n1 2\n", "expected values between commas, semicolons or tabs, got lines such as 'a b'"),
        ("# x,y\n1,2\n", [[1]]),
        ("x,y\n1,2\n\n# end\n", "line 4: expected 2 values, got '# end', a comment: delete the line"),
        ("x,y\n1_000,2\n", "line 2, column x: expected a number, got '1_000'"),
        ("sep=;\nx;y\n1;2\nbad;3\n", "line 4, column x: expected a number, got 'bad'"),
        ("x,y\ntrue,2\nno,3\n", "use --one-hot x for an input of each of no, true, or --ignore x"),
        ("x,y\n1,2\n,\n3,4\n", [[1], [3]]),
        ('"x,1",y\n"a\nb",2\n', "line 2, column 'x,1'"),
        ("x,,x,y\n1,2,3,4\n", "got 3: x (column 1), column 2, x (column 3) (y is the target)"),
        ("\0x,y\n1,2\n", "byte 0: expected text, got the character 0; save it as UTF-8"),
        ("PK\x03\x04", "a workbook or a zip file: expected CSV, so save the sheet as CSV"),
    ],
)
def test_other_texts(tmp_path: Path, text: str, expected: Any) -> None:
    try:
        assert written(tmp_path, text, "1-1").X.tolist() == expected
    except PresetError as error:
        assert isinstance(expected, str) and expected in str(error)


def test_an_example_keeps_the_row_of_its_file_where_some_are_held_out() -> None:
    preset = preset_of(CASES / "class_numbers.csv", "2-4-3", "cross-entropy", test=0.3)
    whole = read("class_numbers")

    for train, test in (examples(preset, CASES), examples(with_inline_data(preset, CASES), CASES)):
        assert test is not None
        for data in (train, test):
            assert np.array_equal(whole.X[data.rows_of(np.arange(len(data))) - 1], data.X)
        assert train.origin == test.origin == whole.origin


def with_targets(targets: list[list[float]], loss: str = "cross-entropy") -> Dataset:
    network = {"network__layers": [2, 3], "network__activations": "softmax", "training__loss": loss}
    given = {"data__inputs": [[1, 2], [3, 4]], "data__targets": targets}
    return examples(check_preset(preset_of_tables(tables(**network, **given), "x"), "x"), Path())[0]


def test_the_number_of_a_class_is_a_target_of_cross_entropy() -> None:
    assert with_targets([[2], [0]]).y.tolist() == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize(
    ("targets", "loss", "line"),
    [
        (
            [[3], [0]],
            "cross-entropy",
            "[0][0]: expected the number of a class, from 0 to 2, or one number for each output, got 3",
        ),
        (
            [[0.5], [0]],
            "cross-entropy",
            "[0][0]: expected the number of a class, from 0 to 2, or one number for each output, got 0.5",
        ),
        ([[0, 0, 1], [0]], "cross-entropy", "[1]: expected 3 numbers, one for each output, got 1"),
        ([[1], [0]], "bce", "[0]: expected 3 numbers, one for each output, got 1; class 1 is [0, 1, 0]"),
    ],
)
def test_another_target_is_refused(targets: list[list[float]], loss: str, line: str) -> None:
    with pytest.raises(PresetError) as caught:
        with_targets(targets, loss)

    assert str(caught.value) == f"x: data.targets{line}"
