"""What the network does with its inputs, as text: the decision, the curve, the examples, the pictures."""

import re
from dataclasses import replace
from functools import cache
from itertools import groupby

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from nn_tui.core.debugger.stage import LOSS, UPDATE, WHOLE_BACKWARD, WHOLE_FORWARD, Phase, Stage
from nn_tui.core.notation.notation import Notation
from nn_tui.tui.text.picture.batch import Batch
from nn_tui.tui.text.picture.bounds import Bounds, around, bounds
from nn_tui.tui.text.picture.examples import example_card
from nn_tui.tui.text.picture.images import shades
from nn_tui.tui.text.picture.neuron_choice import Neuron
from nn_tui.tui.text.picture.picture import PictureView, Stack, neurons_of, picture
from nn_tui.tui.text.resolve import explain_shown
from nn_tui.tui.text.spans import Lines, Page, Span, cells_of
from nn_tui.tui.text.style_names import SHADES

from ..helpers.experiments import experiment, experiment_of
from ..helpers.fuzz import FUZZ
from ..helpers.pages import snapshot_of, text_of, view_of

PRESETS = ("1-1-1-1", "xor", "2-2-2", "moons", "3-4-1", "iris", "digits", "3-4-1-marks")
STAGES = (Stage(Phase.FORWARD, 0), WHOLE_FORWARD, LOSS, WHOLE_BACKWARD, UPDATE)


def cells(page: Page, y: int) -> list[Span]:
    """Each character of a line as a span of its own."""
    return [Span(each, span.styles) for span in page.line(y) for each in span.text]


@cache
def seen(name: str, stage: Stage) -> PictureView:
    """The view of a preset's step 1; built when a test needs it, not where tests are collected."""
    return view_of(name, 1, stage)


@settings(max_examples=FUZZ // 5, deadline=None)
@given(
    name=st.sampled_from(PRESETS),
    stage=st.sampled_from(STAGES),
    width=st.integers(1, 130),
    height=st.integers(1, 50),
    has_colours=st.booleans(),
    data=st.data(),
)
def test_every_picture_can_be_drawn_in_any_room(
    name: str, stage: Stage, width: int, height: int, has_colours: bool, data: st.DataObject
) -> None:
    view = seen(name, stage)
    neuron = data.draw(st.sampled_from([None, *neurons_of(view.trainer.network)]))

    page = picture(structs.replace(view, neuron=neuron, has_colours=has_colours), width, height)

    lines = text_of(page)
    assert all(len(line) <= page.width and line.isprintable() for line in lines)
    if view.trainer.network.layers[0].n_in <= 2:
        assert page.width <= width and page.height <= height


@pytest.mark.parametrize("name", ["3-4-1", "iris", "digits", "3-4-1-marks"])
@pytest.mark.parametrize("stage", STAGES)
def test_the_examples_show_what_is_explained(name: str, stage: Stage) -> None:
    view = seen(name, stage)
    page = picture(view, 120, 30)

    shown = [cell for y in range(min(page.height, 30)) for cell in cells_of(page.line(y), y)]

    assert shown
    for cell in shown[:40]:
        text = "".join(each.text for each in cells(page, cell.y)[cell.x : cell.x + cell.width]).strip()
        value = explain_shown(view.trainer, view.snapshot, cell.quantity).value
        if text.lstrip("−").replace(".", "").isdigit() and name != "digits":
            assert float(text.replace("−", "-")) == pytest.approx(value, rel=0.06, abs=6e-4), cell.quantity


def test_a_decision_is_the_output_at_each_pixel() -> None:
    # A single neuron whose output is 1 where x1 is greater than x2.
    of = experiment(
        network__layers=[2, 1],
        network__init=None,
        network__weights=[[[50.0, -50.0]]],
        data__inputs=[[0, 1], [1, 0]],
        data__targets=[[0], [1]],
    )

    page = picture(PictureView(of.trainer, snapshot_of(of, 0)), 22, 13)

    # 22 × 22 pixels: the diagonal runs from the lower left to the upper right.
    upper = [[each.styles[0] for each in cells(page, y)] for y in range(11)]
    for y, row in enumerate(upper):
        for x, name in enumerate(row):
            if abs((22 - 2 * y) - x) > 2 and name != "point":
                assert name == ("tint16" if x > 22 - 2 * y else "tint0"), (x, y)
    # The examples (0, 1) and (1, 0) on −0.1 … 1.1: 1/12 and 11/12 of the way along 22 columns and 11 lines.
    assert cells(page, 0)[1].text == "○" and cells(page, 10)[20].text == "●"


def test_of_many_examples_each_is_a_dot_in_the_colour_of_its_class_and_a_misclassified_one_a_cross() -> None:
    page = picture(view_of("moons"), 44, 24)
    drawn = text_of(page)

    dots = {cell.styles[0] for y in range(22) for cell in cells(page, y) if "⠁" <= cell.text <= "⣿"}
    assert dots == {"point-0", "point-1"}
    marks = [cell for y in range(22) for cell in cells(page, y) if cell.text in "×*"]
    assert {cell.text for cell in marks} == {"×", "*"} and {cell.styles[0] for cell in marks} == {"wrong-point"}
    assert all(cell.styles[1].startswith("on-tint") for cell in marks)
    assert drawn[-2].startswith("⣿ 0 ⣿ 1  × ") and drawn[-2].endswith(" of 300 misclassified")
    assert drawn[-1].startswith("x₁ −1.5..2.7  x₂ −0.83..1.4") and drawn[-1].endswith(" held out")


def test_dots_stand_where_their_examples_are() -> None:
    inputs = [[n / 39, 0.0] for n in range(40)]
    of = experiment(network__layers=[2, 1], data__inputs=inputs, data__targets=[[0]] * 40)

    drawn = text_of(picture(PictureView(of.trainer, snapshot_of(of, 0)), 24, 14))

    # From −0.1 to 1.1 over 48 dots across: the examples lie from dot 4 to dot 43, in the middle of the height.
    rows = [line for line in drawn[:12] if any("⠁" <= each <= "⣿" or each == "×" for each in line)]
    assert len(rows) == 1 and not rows[0][:2].strip("▀") and rows[0][2] in "⠉⠒⠤⣀×" and rows[0][21] in "⠉⠒⠤⣀×"


def test_the_example_that_is_shown_stands_out() -> None:
    few, many = (
        picture(structs.replace(view_of(name), example=2, marks_example=True), 44, 24) for name in ("xor", "moons")
    )

    def marked(page: Page) -> list[str]:
        return [cell.text for y in range(page.height) for cell in cells(page, y) if "cursor" in cell.styles]

    assert marked(few) == ["●"] and len(marked(many)) == 1 and marked(many)[0] in "◉×"
    assert not marked(picture(view_of("moons"), 44, 24))


def test_in_ascii_examples_have_marks_for_their_classes_as_dots_would_be_strokes() -> None:
    page = picture(structs.replace(view_of("moons"), is_ascii=True), 44, 24)

    assert not any("⠁" <= cell.text <= "⣿" for y in range(22) for cell in cells(page, y))
    assert {"○", "●", "×"} <= {cell.text for y in range(22) for cell in cells(page, y)}


def test_a_narrow_legend_has_whole_ranges() -> None:
    drawn = text_of(picture(view_of("moons"), 27, 12))

    assert drawn[-1].rstrip() == "x₁ −1.5..2.7  x₂ −0.83..1.4"


def test_without_colours_held_out_examples_have_marks_of_their_own_and_the_legend_says_so() -> None:
    drawn = text_of(picture(structs.replace(view_of("moons"), has_colours=False), 100, 30))

    for mark in "○●◇◆":
        assert any(mark in line for line in drawn[:-2])
    assert drawn[-2].startswith("→x₁ −1.5 to 2.7") and "  ○ 0 ● 1  × " in drawn[-2]
    assert drawn[-1].startswith("↑x₂ −0.83 to 1.4") and "  held out ◇ 0 ◆ 1  * " in drawn[-1]


def test_the_legend_says_less_where_there_is_less_room() -> None:
    view = view_of("moons")

    assert " held out ◇ 0 ◆ 1  * 30 of 100" in text_of(picture(structs.replace(view, has_colours=False), 51, 11))[-1]
    assert text_of(picture(structs.replace(view, has_colours=False), 40, 11))[-1].endswith("  held out * 30 of 100")
    assert text_of(picture(view, 60, 11))[-1].endswith("  * 30 of 100 held out")
    assert text_of(picture(view, 60, 6))[-1].endswith("  × 93 of 300") or "×" in text_of(picture(view, 60, 6))[-1]


@pytest.mark.parametrize("name", ["xor", "moons", "spiral"])
@pytest.mark.parametrize("steps", [0, 40])
def test_the_legend_counts_what_the_network_misclassifies(name: str, steps: int) -> None:
    view = view_of(name, steps)
    drawn = text_of(picture(view, 100, 30))

    for data, mark, line in ((view.trainer.train, "×", drawn[-2]), (view.trainer.test, "*", drawn[-1])):
        if data:
            share = view.trainer.accuracy(view.trainer.forward_on(view.snapshot.state, data.X, data.y).y_hat, data.y)
            assert share is not None
            assert f"{mark} {round((1 - share) * len(data.X))} of {len(data.X)}" in line


@pytest.mark.parametrize("has_colours", [True, False])
@pytest.mark.parametrize("targets", [[[0], [1]], [[1, 0], [0, 1]]])
def test_a_point_on_the_wrong_side_has_another_mark(has_colours: bool, targets: list[list[float]]) -> None:
    # Everything is taken for the second class, the example (0, 0) wrongly.
    n_out = len(targets[0])
    of = experiment(
        network__layers=[2, n_out],
        network__activations="sigmoid" if n_out == 1 else "softmax",
        network__init=None,
        network__weights=[[[0.0, 0.0]] * n_out],
        network__biases=[[0.0] * (n_out - 1) + [5.0]],
        training__loss="bce" if n_out == 1 else "cross-entropy",
        data__inputs=[[0, 0], [1, 1]],
        data__targets=targets,
    )

    page = picture(PictureView(of.trainer, snapshot_of(of, 0), has_colours=has_colours), 40, 16)

    # 40 columns and 14 lines from −0.1 to 1.1: 0 and 1 are 1/12 and 11/12 of the way.
    wrong, right = cells(page, 12)[3], cells(page, 1)[36]
    has_letters = n_out > 1 and not has_colours
    assert (wrong.text, wrong.styles[0]) == ("a" if has_letters else "×", "wrong-point")
    assert (right.text, right.styles[0]) == ("2" if has_letters else "●", "point")
    if n_out > 1 and has_colours:
        assert wrong.styles[1] == "on-class0", "the cell has the colour of the actual class"


def three_kinds(examples: int = 90) -> PictureView:
    """Three bands of examples beside each other, and a network that takes the second for the third."""
    of = experiment(
        network__layers=[2, 3],
        network__activations="softmax",
        network__init=None,
        network__weights=[[[-9.0, 0.0], [0.0, 0.0], [9.0, 0.0]]],
        network__biases=[[3.0, -9.0, -3.0]],
        training__loss="cross-entropy",
        data__inputs=[[n / examples, n % 10 / 10] for n in range(examples)],
        data__targets=[[int(n * 3 // examples == each) for each in range(3)] for n in range(examples)],
        data__classes=["ash", "birch", "cedar"],
    )
    return PictureView(of.trainer, snapshot_of(of, 0), marks_example=True)


def test_a_map_of_several_classes_names_its_regions_and_marks_the_misclassified_by_their_class() -> None:
    page = picture(three_kinds(), 80, 20)

    lines, spans = text_of(page), [span for y in range(page.height) for span in page.line(y)]
    drawn = "\n".join(lines[:-2])
    assert " ash " in drawn and " cedar " in drawn and "birch" not in drawn, "the second class wins nowhere"
    assert not re.search(r"[1-9a-c] |[a-c]×", drawn.replace("ash", "").replace("cedar", ""))
    crosses = [span.styles for span in spans if set(span.text) == {"×"} and "wrong-point" in span.styles]
    assert crosses and {each[1] for each in crosses} == {"on-class1"}
    assert "■ ash ■ birch ■ cedar  × 30 of 90 misclassified" in lines[-2]
    assert [span.styles[0] for span in spans if span.text == "■"] == ["class0", "class1", "class2"]


def test_a_map_of_several_classes_without_colours_has_digits_and_no_names_in_it() -> None:
    lines = text_of(picture(structs.replace(three_kinds(), has_colours=False), 80, 20))

    assert "1 ash 2 birch 3 cedar  a–c 30 of 90 misclassified" in lines[-2]
    assert not re.search("ash|cedar", "".join(lines[:-2]))


def test_a_wrong_point_is_not_hidden_by_a_right_one() -> None:
    of = experiment(
        network__layers=[2, 1],
        network__init=None,
        network__weights=[[[0.0, 0.0]]],
        data__inputs=[[0, 0], [0, 0], [1, 1]],
        data__targets=[[0], [1], [1]],
    )

    lines = text_of(picture(PictureView(of.trainer, snapshot_of(of, 0)), 50, 16))

    assert lines[12][4] == "×" and lines[-2].endswith("× 1 of 3 misclassified")


def test_a_value_and_targets_that_are_no_classes_have_no_wrong_side() -> None:
    of = experiment(data__inputs=[[0, 0], [1, 1]], data__targets=[[0.2], [0.7]], training__loss="sse")
    pages = [
        picture(PictureView(of.trainer, snapshot_of(of, 0)), 60, 14),
        picture(structs.replace(view_of("xor"), neuron=Neuron(0, 1)), 60, 14),
    ]

    assert all("misclassified" not in "".join(text_of(page)) for page in pages)
    assert not any("wrong-point" in span.styles for page in pages for line in page.lines for span in line)  # type: ignore[attr-defined]


def many(n_in: int, targets: int) -> PictureView:
    """A network on 6 000 examples of one target or of another."""
    inputs = [[n / 6_000] * n_in for n in range(6_000)]
    of = experiment(
        network__layers=[n_in, 2, 1],
        training__loss="bce" if targets == 2 else "sse",
        data__inputs=inputs,
        data__targets=[[n % 2 * 2 / targets] for n in range(6_000)],
    )
    return PictureView(of.trainer, snapshot_of(of, 0))


@pytest.mark.parametrize(
    ("view", "line", "told"),
    [
        (many(2, 2), -2, "of the first 1 000 of 6 000 misclassified"),
        (many(2, 3), -2, "the first 1 000 of 6 000"),
        (many(1, 2), -1, "● train the first 1 000 of 6 000"),
        (many(3, 2), 0, "training, the first 5 000 of 6 000 examples"),
    ],
)
def test_a_part_of_the_examples_is_reported_as_such(view: PictureView, line: int, told: str) -> None:
    assert text_of(picture(view, 100, 30))[line].replace("\u202f", " ").endswith(told)


def test_several_outputs_show_the_winning_class() -> None:
    of = experiment(
        network__layers=[2, 3, 2],
        network__activations=["tanh", "softmax"],
        training__loss="cross-entropy",
        data__targets=[[1, 0], [0, 1], [0, 1], [1, 0]],
    )
    page = picture(PictureView(of.trainer, snapshot_of(of, 400)), 60, 20)

    styles = {cell.styles[0] for y in range(page.height - 2) for cell in cells(page, y)}

    assert styles - {"wrong-point"} == {"class0", "class1", "class8", "class9", "point"}
    assert any("1" in line for line in text_of(page)[:-1]) and any("2" in line for line in text_of(page)[:-1])


def test_classes_are_shown_by_name_where_there_is_room() -> None:
    of = experiment(network__layers=[2, 2], training__loss="bce", data__inputs=[[0, 0]], data__targets=[[0, 1]])
    named = replace(of.trainer.train, class_names=("yes", "[b]\x1b"))
    view = PictureView(replace(of.trainer, train=named), snapshot_of(of, 0), Neuron(0, 0))

    assert text_of(picture(view, 60, 12))[-2].endswith("1 yes 2 [b]\\x1b")
    assert text_of(picture(view, 26, 12))[-2].endswith(" 1–2")


@pytest.mark.parametrize(("name", "mark"), [("2-2-1", "●"), ("2-2-2-1", "●"), ("2-3-1", "○"), ("nnwj", "○")])
def test_a_target_has_the_mark_of_its_class_where_no_other_class_occurs(name: str, mark: str) -> None:
    *drawn, _, _ = text_of(picture(structs.replace(view_of(name, 0), neuron=Neuron(0, 0)), 70, 14))

    assert [each for each in "".join(drawn) if each in "○●×◇◆*"] == [mark]


def test_a_single_example_is_shown_in_numbers_and_not_as_a_class() -> None:
    lines = text_of(picture(view_of("mazur", 0), 44, 20))

    # As in the article: 0.75136507 and 0.77292847 for 0.01 and 0.99.
    assert [line.split() for line in lines[3:]] == [
        ["ŷ₁", "0.751", "target", "0.01"],
        ["ŷ₂", "0.773", "target", "0.99"],
        ["loss", "0.298"],
    ]


def test_an_example_has_the_names_of_its_columns_and_its_own_numbers() -> None:
    view = structs.replace(view_of("iris", 5), example=1)
    train, X = view.trainer.train, view.snapshot.forward.X

    lines = text_of(picture(view, 44, 40))

    first = next(n for n, line in enumerate(lines) if line.startswith("example 2 of 16, row "))
    original = f"{train.original(X[1:2])[0, 0]:.3g}"
    *names, scaled = lines[first + 1].split()
    assert names == ["sepal", "length", original, "scaled"]
    assert float(scaled.replace("−", "-")) == pytest.approx(X[1, 0], rel=0.01)
    assert len(lines[first + 1]) < 44
    actual = train.class_names[int(view.snapshot.forward.y[1].argmax())]
    assert next(line for line in lines[first:] if "target 1" in line).startswith(actual)


@pytest.mark.parametrize(
    ("name", "neuron", "legend"),
    [
        # As in the articles: 0.75136507 and 0.77292847 for 0.01 and 0.99.
        ("mazur", Neuron(1, 1), "● ŷ₂ actual 0.99, predicted 0.773"),
        ("mazur", Neuron(0, 1), "● ŷ₁ actual 0.01"),
        ("2-2-2", None, "○ ŷ₁ actual 0.01 to 0.5 ● to 0.99, predicted"),
    ],
)
def test_numbers_are_shown_as_actual_and_predicted_values(name: str, neuron: Neuron | None, legend: str) -> None:
    page = picture(structs.replace(view_of(name, 0), neuron=neuron), 90, 14)

    *drawn, first, _ = text_of(page)
    assert legend in first and "misclassified" not in first and "–" not in first
    assert all(each not in "".join(drawn) for each in "123×ab")
    assert all((mark in "".join(drawn)) == (mark in legend) for mark in "○●")
    assert not any(
        style.startswith("class") for line in text_and_styles(page) for span in line for style in span.styles
    )


def test_the_marks_of_numbers_are_explained_in_a_narrow_picture_too() -> None:
    *_, first, _ = text_of(picture(view_of("2-2-2", 0), 44, 20))

    assert first.endswith("○ actual ≤ 0.5 ● above")


def test_the_marks_of_classes_and_their_count_are_beside_one_side_each_where_both_do_not_fit() -> None:
    *_, first, last = text_of(picture(view_of("xor", 0), 27, 20))

    assert first.endswith(" ○ 0 ● 1") and last.endswith(" × 2 of 4")


def test_numbers_of_held_out_examples_are_shown_too() -> None:
    of = experiment(
        network__activations=["tanh", "identity"],
        training__loss="mse",
        data__inputs=[[n / 10, 0] for n in range(10)],
        data__targets=[[n / 10] for n in range(10)],
        data__test=0.3,
    )

    *_, train, test = text_of(picture(PictureView(of.trainer, snapshot_of(of, 0)), 100, 14))

    assert "○ actual 0 to 0.45 ● to 0.9, predicted " in train
    assert "held out ◇ actual 0 to 0.45 ◆ to 0.9, predicted " in test


def test_hinge_has_the_classes_minus_one_and_one() -> None:
    of = experiment(network__activations=["tanh", "tanh"], training__loss="hinge", data__targets=[[-1], [1], [1], [-1]])

    line = text_of(picture(PictureView(of.trainer, snapshot_of(of, 0)), 70, 14))[-2]

    y_hat = of.trainer.forward_on(of.start, of.trainer.train.X, of.trainer.train.y).y_hat[:, 0]
    wrong = int(((y_hat >= 0) != np.array([False, True, True, False])).sum())
    assert line.endswith(f"○ −1 ● 1  × {wrong} of 4 misclassified")


def test_a_single_example_has_no_confusion_matrix() -> None:
    assert not any("predicted" in line for line in text_of(picture(view_of("3-4-1", 0), 100, 20)))
    assert text_of(picture(view_of("trask-3-1", 0), 100, 20))[0].startswith("training, 4 examples")


def test_several_outputs_have_pictures_of_their_own() -> None:
    network = experiment_of("2-2-2").trainer.network

    assert neurons_of(network) == (Neuron(0, 0), Neuron(0, 1), Neuron(1, 0), Neuron(1, 1))


def test_a_hidden_neuron_has_a_picture_of_its_own() -> None:
    view = view_of("xor")

    pages = [
        text_and_styles(picture(structs.replace(view, neuron=n), 40, 12))
        for n in (None, *neurons_of(view.trainer.network))
    ]

    assert len(pages) == 4 and len(set(pages)) == 4


def text_and_styles(page: Page) -> tuple[tuple[Span, ...], ...]:
    return tuple(tuple(page.line(y)) for y in range(page.height))


def test_without_colours_glyphs_tell_high_from_low() -> None:
    page = picture(structs.replace(view_of("moons", 60), has_colours=False), 60, 20)

    drawn = "".join(text_of(page)[:-1])

    assert "█" in drawn and "░" in drawn and "▀" not in drawn


def test_without_colours_classes_with_neighbouring_numbers_have_other_glyphs() -> None:
    # Of eight classes each is greatest in a stripe of its own: w = 2k·x1 and b = −k² meet halfway between two k.
    of = experiment(
        network__layers=[2, 8],
        network__activations="softmax",
        network__init=None,
        network__weights=[[[2.0 * k, 0.0] for k in range(8)]],
        network__biases=[[-float(k * k) for k in range(8)]],
        training__loss="cross-entropy",
        data__inputs=[[0, 0], [7, 1]],
        data__targets=[[1] + [0] * 7, [0] * 7 + [1]],
    )

    row = text_of(picture(PictureView(of.trainer, snapshot_of(of, 0), has_colours=False), 84, 16))[5]

    assert "".join(glyph for glyph, _ in groupby(row)) == " ░▒▓█ ░▒"


def test_a_curve_passes_through_what_the_network_says() -> None:
    lines = text_of(picture(view_of("1-1-1-1", 300), 60, 16))

    assert sum("●" in line for line in lines) == 1
    assert any("⠉" <= each <= "⣿" for line in lines for each in line)


def test_confusion_matrices_count_every_example_to_train_on_and_held_out() -> None:
    view = view_of("iris", 20)
    lines = text_of(picture(view, 44, 30))

    for data, first, title in ((view.trainer.train, 0, "training"), (view.trainer.test, 7, "held out")):
        assert data
        actual, y_hat = data.y.argmax(axis=1), view.trainer.forward_on(view.snapshot.state, data.X, data.y).y_hat
        predictions = y_hat.argmax(axis=1)
        assert lines[first].split()[-3:] == [str(len(data)), "examples", "predicted"]
        assert lines[first].startswith(title) and lines[first + 1].split() == list(data.class_names)
        for n, name in enumerate(data.class_names):
            counts = [predictions[actual == n].tolist().count(m) for m in range(3)]
            assert lines[first + 2 + n].split() == [name, *map(str, counts)]
        right = int((predictions == actual).sum())
        assert lines[first + 5] == f"{right} of {len(data)} correct" and 0 < right < len(data)


def test_the_examples_show_inputs_prediction_target_and_loss() -> None:
    lines = text_of(picture(view_of("3-4-1", 0), 100, 20))

    # ln(1/0.521) is 0.652.
    assert [line.split() for line in lines[1:]] == [
        ["x₁", "7"],
        ["x₂", "8"],
        ["x₃", "10"],
        ["ŷ₁", "0.521", "target", "1", "✓"],
        ["loss", "0.652"],
    ]


def test_the_examples_of_a_shuffled_batch_have_their_rows_in_the_data() -> None:
    inputs = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]
    of = experiment(network__layers=[3, 2, 1], data__inputs=inputs)
    assert of.trainer.rows(of.start).tolist() == [1, 3]

    lines = text_of(picture(PictureView(of.trainer, snapshot_of(of, 0)), 100, 20))

    assert [line.split()[:5] for line in lines[-2:]] == [["@1", "1", "1", "2", "3"], ["@2", "3", "7", "8", "9"]]


@pytest.mark.parametrize(("width", "head"), [(60, "setosa versicolor virginica"), (30, "seto… vers… virg…")])
def test_the_confusion_matrix_names_classes_as_far_as_there_is_room(width: int, head: str) -> None:
    assert " ".join(text_of(picture(seen("iris", WHOLE_BACKWARD), width, 30))[1].split()) == head


def test_outputs_that_are_left_out_are_named() -> None:
    of = experiment(
        network__layers=[3, 2, 5], data__inputs=[[1, 2, 3]] * 2, data__targets=[[0.5] * 5] * 2, training__batch_size=1
    )

    lines = text_of(picture(PictureView(of.trainer, snapshot_of(of, 0)), 100, 20))

    assert lines[0] == "batch of step 0, 1 example, the first 3 of 5 outputs"


def test_a_loss_is_shown_when_it_is_known() -> None:
    lines = text_of(picture(seen("3-4-1", WHOLE_FORWARD), 100, 20))

    assert lines[-1].split() == ["loss", "·"]


def test_digits_are_pictures_with_what_they_are_taken_for() -> None:
    view = view_of("digits", 200)
    page = picture(view, 58, 20)

    lines = text_of(page)

    assert lines[0] == "batch of step 200, 64 examples: predicted → actual"
    assert text_of(picture(view, 42, 20))[0] == "batch of step 200: predicted → actual"
    assert set(lines[1]) == {"▀", " "} and len(lines[1]) == 58
    forward = view.snapshot.forward
    for n, tile in enumerate(lines[5].split("   ")[:6]):
        predicted, target = forward.y_hat[n].argmax(), forward.y[n].argmax()
        assert tile.split() == [str(predicted), "→", str(target), "✓" if predicted == target else "✗"]


def test_classes_are_shown_by_name_with_their_output_and_a_verdict() -> None:
    view = view_of("iris", 5)
    forward, names = view.snapshot.forward, view.trainer.train.class_names

    heading, *lines = text_of(picture(view, 120, 40))[-17:]

    assert heading.split()[:2] == ["row", "x₁"]
    rows = view.trainer.rows(forward.state).tolist()
    assert [line.split()[:2] for line in lines] == [[f"@{n + 1}", str(row)] for n, row in enumerate(rows)]
    verdicts = set()
    for n, line in enumerate(lines):
        predicted, target = int(forward.y_hat[n].argmax()), int(forward.y[n].argmax())
        verdicts.add("✓" if predicted == target else "✗")
        result = [names[predicted], f"{forward.y_hat[n, predicted]:.3f}", names[target], f"{forward.losses[n]:.3f}"]
        assert line.split()[6:] == [*result, "✓" if predicted == target else "✗"]
    assert verdicts == {"✓", "✗"}


def test_the_name_of_a_class_leads_to_its_target() -> None:
    view = view_of("iris", 5)
    page = picture(view, 120, 40)

    for n, target in enumerate(view.snapshot.forward.y.argmax(axis=1).tolist()):
        quantities = [cell.quantity for cell in cells_of(page.line(page.height - 16 + n), 0)]
        assert str(quantities[-2]) == f"y[{target + 1}]@{n + 1}"


def test_each_digit_has_its_own_pixels() -> None:
    view = view_of("digits", 0)
    data, X = view.trainer.train, view.snapshot.forward.X
    least, greatest = np.percentile(data.original(data.X), [2, 98])

    page = picture(view, 18, 12)

    for n, x in ((0, 0), (1, 10), (2, 0)):
        top = 1 + 5 * (n // 2)
        ink = shades(data.original(X[n]).reshape(8, 8), least, greatest)
        for y in range(4):
            drawn = [each.styles for each in cells(page, top + y)[x : x + 8]]
            assert drawn == [(f"ink{a}", f"on-ink{b}") for a, b in zip(ink[2 * y], ink[2 * y + 1], strict=True)]


def test_a_digit_is_drawn_as_it_was_before_standardization() -> None:
    view = view_of("digits", 0)
    data = view.trainer.train

    pixels = data.original(data.X)

    assert pixels.min() == pytest.approx(0) and pixels.max() == pytest.approx(16)
    assert np.allclose(pixels, pixels.round())


def test_the_weights_of_a_hidden_neuron_lie_where_their_pixels_do() -> None:
    view = view_of("digits", 0)
    w = view.snapshot.state.W[0][3].reshape(8, 8)

    page = picture(structs.replace(view, neuron=Neuron(0, 3)), 8, 5)

    assert page.height == 5 and "its weights" in text_of(page)[0]
    assert cells(page, 1)[2].styles[0] == f"shade{shades(w, -abs(w).max(), abs(w).max())[0, 2]}"


@pytest.mark.filterwarnings("error")
@given(values=st.lists(st.floats(), min_size=1), ends=st.tuples(st.floats(), st.floats()))
@example(values=[1e308], ends=(0.0, 1.0))
def test_every_value_is_on_the_ladder(values: list[float], ends: tuple[float, float]) -> None:
    numbers = shades(np.array(values), *ends)

    assert all(0 <= number < SHADES for number in numbers.tolist())


@given(values=st.lists(st.floats(allow_nan=True), min_size=1), parts=st.integers(1, 200))
def test_every_value_has_a_place_or_is_outside(values: list[float], parts: int) -> None:
    places = Bounds(-1.0, 1.0).places(np.array(values), parts)

    for value, place in zip(values, places, strict=True):
        assert 0 <= place < parts if -1 <= value <= 1 else place == -1


def test_examples_at_one_place_have_room_around_them() -> None:
    of = experiment(data__inputs=[[3, 0]], data__targets=[[1]], training__batch_size="all")

    assert bounds(of.trainer, 0) == Bounds(0.0, 6.0) and bounds(of.trainer, 1) == Bounds(-1.0, 1.0)


def test_a_picture_of_parameters_that_are_not_finite_is_drawn() -> None:
    view = view_of("moons")
    state = replace(view.snapshot.state, parameters=np.full_like(view.snapshot.state.parameters, np.nan))
    assert view.snapshot.before
    updated = replace(view.snapshot, stage=UPDATE, updated=replace(view.snapshot.before, state=state))

    assert picture(structs.replace(view, snapshot=updated), 40, 12).height == 12


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("inputs", [1, 2, 3, 64])
@pytest.mark.parametrize("value", [1e308, 1e-308])
def test_a_picture_of_extreme_examples_is_drawn(inputs: int, value: float) -> None:
    data = [[value] * inputs, [-value] * inputs]
    of = experiment(
        network__layers=[inputs, 2, 1], data__inputs=data, data__targets=[[0], [value]], training__loss="mae"
    )

    assert text_of(picture(PictureView(of.trainer, snapshot_of(of, 0)), 40, 12))


def test_numbers_near_the_largest_lie_at_the_ends_of_a_picture() -> None:
    values = np.array([1.7e308, 0.0, -1.7e308])

    drawn = around(values)

    # A tenth of the extent is free at either end: shares of 2.2, 1.2 and 0.2 in 2.4.
    assert drawn.places(values, 10) == [9, 5, 0]


def test_pages_stand_below_each_other() -> None:
    a, b = Lines([[Span("a")], [Span("aa")]]), Lines([[Span("bbb")]])

    page = Stack((a, b))

    assert (page.width, page.height) == (3, 4)
    assert text_of(page) == ["a", "aa", "", "bbb"]


def test_the_card_of_an_example_fits_its_room() -> None:
    of = experiment_of("iris")
    card = example_card(Batch(of.trainer, snapshot_of(of, 200)), 0, Notation.SUPERSCRIPT, 27)

    lines = text_of(card)

    assert card.width <= 27 and not any("scale" in line for line in lines)
    assert [" → " in line for line in lines] == [False] * 5 + [True] * 3 + [False]


def test_the_outputs_of_an_example_have_one_form() -> None:
    of = experiment_of("iris")
    lines = text_of(example_card(Batch(of.trainer, snapshot_of(of, 200)), 0, Notation.SUPERSCRIPT, 46))
    outputs = [line.split()[1] for line in lines if " target " in line]

    assert len(outputs) == 3 and all(len(text) == len("0.022") for text in outputs), outputs
