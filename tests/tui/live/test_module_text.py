"""The text of a model that nn-tui cannot compute: its tree, its numbers, its histogram."""

import numpy as np
import pytest

from nn_tui.core.debugger.facts import Activity
from nn_tui.core.metrics.series import Series
from nn_tui.presets.live.messages import Block, FirstNotFinite, ModelDescription, Module, ModuleStatistics, Window
from nn_tui.presets.live.model_training import ModelState, TensorRow, tensor_rows
from nn_tui.presets.live.sentences import code_of, not_finite_text
from nn_tui.tui.live.tensor_window import TensorWindow
from nn_tui.tui.text.module_text import (
    histogram_page,
    kind_words,
    live_header,
    loss_page,
    reason_text,
    tensor_facts,
    tree_page,
    window_page,
)
from nn_tui.tui.text.spans import Lines

MODEL = ModelDescription(
    modules=(
        Module(path="", kind="Net"),
        Module(path="conv", kind="Conv2d", detail="1, 16", parameters=(("conv.weight", (16, 1, 3, 3)),)),
        Module(path="head.fc", kind="Linear", parameters=(("head.fc.weight", (4, 16)), ("head.fc.bias", (4,)))),
    ),
    reason="Conv2d has no counterpart",
    optimizer="AdamW",
)
STATISTICS = {
    "conv.weight": ModuleStatistics(
        name="conv.weight", shape=(16, 1, 3, 3), norm=2.5, gradient_norm=0.125, change=1e-3, zeros=0.25
    ),
    "head.fc.weight": ModuleStatistics(
        name="head.fc.weight", shape=(4, 16), norm=1.0, gradient_norm=float("nan"), not_finite=3
    ),
    "conv output": ModuleStatistics(name="conv output", shape=(32, 16, 6, 6), norm=80.0, zeros=0.5),
}
NOW = ModelState(model=MODEL, statistics=STATISTICS, step=12, losses=Series([(10, 3.0), (11, 2.0), (12, 1.5)]))


def text(page: Lines) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in page.lines]


def window(values: np.ndarray, **place: int) -> Window:
    return Window(
        step=12,
        name="head.fc.weight",
        shape=(4, 16),
        index=(),
        top=place.get("top", 0),
        left=place.get("left", 0),
        values=Block.of(values),
        counts=(1, 4, 2),
        least=-1.5,
        greatest=2.0,
    )


def test_the_tree_has_a_module_with_its_parameters_and_its_output() -> None:
    rows = tensor_rows(MODEL, STATISTICS)
    assert [(row.label, row.depth, row.tensor) for row in rows] == [
        ("model", 0, ""),
        ("conv", 1, ""),
        ("weight", 2, "conv.weight"),
        ("output", 2, "conv output"),
        ("fc", 2, ""),
        ("weight", 3, "head.fc.weight"),
        ("bias", 3, "head.fc.bias"),
    ]


def test_a_row_has_shape_norms_change_zeros_and_what_is_not_finite() -> None:
    lines = text(tree_page(NOW, tensor_rows(MODEL, STATISTICS), 2, 130, 20))
    assert lines[0].split() == [
        "tensor",
        "shape",
        "‖W‖",
        "‖dW‖",
        "‖ΔW‖/‖W‖",
        "zeros",
        "nan,",
        "inf",
        "‖dW‖,",
        "log",
        "scale",
    ]
    assert lines[3].split()[:7] == ["├", "weight", "16×1×3×3", "2.5000", "0.1250", "0.0010", "25.0"]
    assert "nan" in lines[6] and " 3" in lines[6]
    assert lines[2] == "└ conv  Conv2d 1 → 16"


def test_lines_of_the_tree_join_what_is_in_one_module() -> None:
    modules = (
        Module(path="", kind="Net"),
        Module(path="a", kind="Block"),
        Module(path="a.b", kind="Linear", parameters=(("a.b.weight", (1, 1)),)),
        Module(path="c", kind="Linear", parameters=(("c.weight", (1, 1)),)),
    )
    rows = tensor_rows(ModelDescription(modules=modules), {})
    assert [row.guide + row.label for row in rows] == [
        "model",
        "├ a",
        "│ └ b",
        "│   └ weight",
        "└ c",
        "  └ weight",
    ]


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        ("Linear", "in_features=32, out_features=128, bias=True", "Linear 32 → 128"),
        ("NonDynamicallyQuantizableLinear", "in_features=8, out_features=8, bias=True", "Linear 8 → 8"),
        ("LayerNorm", "(32,), eps=1e-05, elementwise_affine=True, bias=True", "LayerNorm 32"),
        ("Conv2d", "1, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1)", "Conv2d 1 → 8, kernel 3×3, padding 1×1"),
        ("Dropout", "p=0.1, inplace=False", "Dropout p 0.1"),
        ("Block", "", "Block"),
    ],
)
def test_a_module_has_its_settings_without_the_usual_ones(kind: str, detail: str, words: str) -> None:
    assert kind_words(kind, detail) == words


def test_why_a_model_is_not_computed_is_said_in_the_room_that_there_is() -> None:
    reason = "expected Linear layers and activations, got layer norm"
    assert reason_text(reason, 100) == f"not computed here: {reason}"
    assert reason_text(reason, 50) == "not computed here: layer norm"
    assert reason_text("", 50) == ""
    root = "the loss ends in sqrt of MSELoss, which is not a loss function of nn-tui"
    assert reason_text(root, 76) == "not computed here: the loss ends in sqrt of MSELoss"
    assert reason_text("gradient accumulation: 4 backward passes", 50) == "not computed here: gradient accumulation"
    assert reason_text("the loss ends in mean of log", 40) == "not computed here: i says why"


@pytest.mark.parametrize("width", [40, 56, 76, 100, 130])
def test_the_tree_fits_in_any_width(width: int) -> None:
    lines = text(tree_page(NOW, tensor_rows(MODEL, STATISTICS), 2, width, 20))
    assert max(map(len, lines)) <= width
    assert ("‖dW‖, log" in lines[0]) is (width >= 56), "bars of gradients come before zeros"


def test_the_tree_is_scrolled_to_the_chosen_tensor() -> None:
    rows = tensor_rows(MODEL, STATISTICS)
    assert "bias" in text(tree_page(NOW, rows, len(rows) - 1, 100, 4))[-1]


def test_a_window_has_the_indices_of_pytorch_and_one_form_a_window() -> None:
    lines = text(window_page(window(np.array([[0.5, -1.25], [float("nan"), 2.0]]), top=2, left=7), (2, 8), 60, 9))
    assert [line.split() for line in lines] == [["7", "8"], ["2", "+0.500000", "−1.250000"], ["3", "nan", "+2.000000"]]


def test_a_vector_is_one_row() -> None:
    assert text(window_page(window(np.array([0.5, 1.0])), None, 60, 9))[1].split() == ["0", "+0.500000", "+1.000000"]


def test_a_histogram_has_its_ends_and_its_count() -> None:
    lines = text(histogram_page(window(np.array([0.5])), 30, 6))
    assert "█" in lines[3]
    assert lines[-2].split() == ["−1.5000", "2.0000"]
    assert lines[-1] == "7 finite numbers counted"


def test_the_header_has_the_loss_the_step_and_why_it_pauses() -> None:
    line = "".join(span.text for span in live_header(NOW, "train.py", 100))
    assert "train.py" in line and "Net, AdamW" in line and "loss 1.5000" in line and line.endswith("step 12")
    now = ModelState(model=MODEL, activity=Activity.FAILED, why="\x1b[31mgone")
    assert "\x1b" not in "".join(span.text for span in live_header(now, "train.py", 100))


def test_the_loss_is_drawn_from_the_second_step_on() -> None:
    assert "second step" in text(loss_page(ModelState(model=MODEL), 40, 10))[0]
    assert len(text(loss_page(NOW, 40, 10))) == 10


def test_facts_of_the_chosen_tensor() -> None:
    assert tensor_facts(STATISTICS["conv.weight"]) == "zeros 25.0 %, not finite 0"
    assert tensor_facts(None) == ""


def test_what_is_first_not_finite_is_one_sentence() -> None:
    found = FirstNotFinite(
        step=4,
        operation="aten.sqrt",
        module="fc",
        place="train.py:15",
        line=" h = sqrt(x)",
        inputs=("16×1: min −0.16",),
    )
    assert not_finite_text(found) == (
        "step 4: aten.sqrt in fc is not finite (forward pass), train.py:15: h = sqrt(x); inputs 16×1: min −0.16"
    )
    unknown = FirstNotFinite(step=4, operation="", line="the batch could not be run again")
    assert (
        not_finite_text(unknown) == "step 4: the loss, or a gradient, is not finite; the batch could not be run again"
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("    h = sqrt(x)  # the fault", "h = sqrt(x)"),
        ("h = f(a,  # more below", "h = f(a,"),
        ('name = "# no comment"', 'name = "# no comment"'),
        ("x = " + "a + " * 30, "x = " + ("a + " * 30)[:55] + "…"),
    ],
)
def test_a_line_is_quoted_without_its_comment_and_not_too_long(line: str, code: str) -> None:
    assert code_of(line) == code


def test_the_window_moves_only_as_far_as_is_needed_and_not_out_of_the_tensor() -> None:
    begun = TensorWindow.of(TensorRow("weight", 1, "w", (3, 20, 30)))
    assert (begun.index, begun.sides, begun.place) == ((0,), (20, 30), (0, 0, 0))
    moved = begun.moved(12, 5, 10, 6)
    assert (moved.y, moved.x, moved.top, moved.left) == (12, 5, 3, 0)
    assert begun.moved(-1, 99, 10, 6).left == 24
    assert begun.turned(-1).index == (2,)
    assert begun.turned(1).place == (1, 0, 0)
    assert TensorWindow.of(TensorRow("bias", 1, "b", (4,))).moved(5, 2, 10, 6).place == (2,)
