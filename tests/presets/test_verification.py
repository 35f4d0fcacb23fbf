"""Verification: what agrees, what explains a difference, and what nothing explains."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from nn_tui.presets.catalogue import find
from nn_tui.presets.errors import PresetError
from nn_tui.presets.preset_file import check_preset, preset_of_tables, read_preset
from nn_tui.presets.printed_figures import matches_figure, printed_figure
from nn_tui.presets.schema import Preset, Published
from nn_tui.presets.verification import FigureVerdict, verify

SEQUENTIAL = "from a program that updates the output layer first, as mazur-sequential does"


LATE = 50
"""A step at which the two orders of updates differ, and which is soon reached."""


def whys(preset: Preset) -> dict[tuple[int, str], str]:
    """Why each figure agrees that does not agree by itself."""
    return {
        (each.figure.step, each.figure.quantity): each.why
        for each in verify(preset, Path())
        if each.verdict is not FigureVerdict.AGREES
    }


def test_mazurs_later_figures_have_their_notes() -> None:
    assert whys(find("mazur")) == {
        (1, "loss"): SEQUENTIAL,
        (10_000, "loss"): "the loss after 9 999 updates, one fewer than the source says",
        (10_000, "a2[1]"): SEQUENTIAL,
        (10_000, "a2[2]"): SEQUENTIAL,
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"training": {"reduction": "sum"}}, "if the loss is the sum over the examples"),
        ({"training": {"loss": "sse"}}, "if the loss has no factor ½"),
        ({"training": {"update": "sequential"}}, "if updates are sequential"),
        ({"network": {"train_bias": False}}, "if biases are fixed"),
        ({"network": {"bias": "shared", "biases": [[0.1], [0.2]]}}, "if biases are shared by a layer"),
        (
            {"training": {"reduction": "sum"}, "network": {"train_bias": False}},
            "if biases are fixed and the loss is the sum over the examples",
        ),
    ],
)
def test_the_convention_that_a_figure_was_computed_with_is_found(change: dict[str, Any], words: str) -> None:
    tables: dict[str, Any] = {
        "name": "test",
        "network": {
            "layers": [2, 2, 1],
            "weights": [[[0.5, -0.3], [0.2, 0.8]], [[0.7, -0.4]]],
            "biases": [[0.1, 0.1], [0.2]],
        },
        "training": {"loss": "half-sse", "learning_rate": 0.5},
        "data": {"inputs": [[1, 0.5], [0.3, 0.9], [0.2, 0.1]], "targets": [[1], [0], [1]]},
    }
    plain = check_preset(preset_of_tables(tables, "test"), "test")
    other = check_preset(
        preset_of_tables({**tables, **{key: {**tables[key], **value} for key, value in change.items()}}, "test"), "test"
    )
    figure = Published(step=3, quantity="w1[2,1]", value=0.0, decimals=10)
    computed = next(verify(replace(other, published=[figure]), Path())).computed

    (found,) = verify(replace(plain, published=[replace(figure, value=round(computed, 10))]), Path())

    assert found.verdict is FigureVerdict.EXPLAINED and found.why == f"agrees {words}"


def test_an_input_that_is_mistyped_and_a_convention_of_later_figures_are_both_named() -> None:
    mazur = find("mazur")
    assert mazur.network.weights
    wrong = replace(mazur.network, weights=[[[0.15, 0.25], [0.25, 0.3]], mazur.network.weights[1]])
    late = [replace(each, step=LATE) for each in mazur.published if each.step == 10_000 and each.quantity != "loss"]
    sequential = verify(replace(find("mazur-sequential"), published=late), Path())
    late = [replace(each, value=round(of.computed, 9)) for each, of in zip(late, sequential, strict=True)]
    figures = [replace(each, note="") for each in (*mazur.published, *late) if each.step <= LATE]

    found = whys(replace(mazur, network=wrong, published=figures))

    typed = "agrees if w1[1,2] is 0.2 and not 0.25"
    assert found.pop((1, "loss")) == found.pop((LATE, "a2[1]")) == f"{typed}, and if updates are sequential"
    assert found.pop((LATE, "a2[2]")) == f"{typed}, and if updates are sequential"
    assert set(found.values()) == {typed}


def test_targets_of_another_shape_compare_every_prediction_with_every_target() -> None:
    tables: dict[str, Any] = {
        "name": "broadcast",
        "network": {"layers": [1, 1], "activations": ["identity"], "weights": [[[0]]], "biases": [[0]]},
        "training": {"loss": "mse", "learning_rate": 0.1},
        "data": {"inputs": [[1], [2]], "targets": [[1], [2]]},
        "published": [
            {"step": 0, "quantity": "loss", "value": 2.5, "decimals": 2},
            {"step": 0, "quantity": "db1[1]", "value": -3, "decimals": 2},
            {"step": 0, "quantity": "dw1[1,1]", "value": -4.5, "decimals": 2},
        ],
    }

    ((_, why),) = whys(check_preset(preset_of_tables(tables, "test"), "test")).items()

    assert why.startswith("only one number differs; it would agree if ŷ − y is (m, m): y has the shape (m,)")


def test_the_only_updated_weight_is_reported_with_the_size_of_its_step() -> None:
    (found,) = verify(with_figure("w1[1,1]", 0.49, optimizer="sgd"), Path())

    step = (0.49 - 0.5) / (found.computed - 0.5)
    assert found.why == f"its change in this step is {step:.4g} times the right one"


def test_a_note_explains_what_no_convention_does() -> None:
    noted = Published(step=1, quantity="a2[1]", value=0.123, decimals=3, note="a slip of the pen")

    (found,) = verify(replace(find("3-4-1"), published=[noted]), Path())

    assert (found.verdict, found.why) == (FigureVerdict.EXPLAINED, "a slip of the pen")


def test_what_nothing_explains_disagrees() -> None:
    (found,) = verify(
        replace(find("3-4-1"), published=[Published(step=1, quantity="a2[1]", value=0.123, decimals=6)]), Path()
    )

    assert found.verdict is FigureVerdict.DISAGREES


@pytest.mark.parametrize(("value", "computed", "rounded", "cut"), [
    (0.648, 0.6476, True, False),
    (0.647, 0.6476, False, True),
    (0.648, 0.6484, True, True),
    (-0.647, -0.6476, False, True),
    (0.646, 0.6476, False, False),
    (0.648, -0.648, False, False),
])  # fmt: skip
def test_rounding_and_cutting_off(value: float, computed: float, rounded: bool, cut: bool) -> None:
    figure = Published(step=0, quantity="loss", value=value, decimals=3)

    assert (matches_figure(figure, computed), printed_figure(figure).is_cut_off(computed)) == (rounded, cut)


@pytest.mark.parametrize("quantity", ["w9[1,1]", "a2[7]"])
def test_a_quantity_that_the_network_has_not_is_an_error(quantity: str) -> None:
    figure = Published(step=0, quantity=quantity, value=0.0, decimals=3)

    with pytest.raises(PresetError, match="the network has layers 1 to 2$|layer 2 has neurons 1 only$"):
        list(verify(replace(find("3-4-1"), published=[figure]), Path()))


def test_a_quantity_that_is_none_is_refused_when_a_preset_is_read() -> None:
    figure = Published(step=0, quantity="x1[1]", value=0.0, decimals=3)

    with pytest.raises(PresetError, match=r"published\[0\]\.quantity: no quantity is named 'x1\[1\]'"):
        check_preset(replace(find("3-4-1"), published=[figure]), "3-4-1")


def with_figure(quantity: str, value: float = 0.0, step: int = 1, **training: Any) -> Preset:
    tables: dict[str, Any] = {
        "name": "test",
        "network": {"layers": [1, 1, 1], "activations": ["tanh", "sigmoid"], "weights": [[[0.5]], [[0.4]]]},
        "training": {"loss": "bce", "optimizer": "adam", "learning_rate": 0.1, "stop": {"steps": 5}, **training},
        "data": {"inputs": [[1]], "targets": [[1]]},
        "published": [{"step": step, "quantity": quantity, "value": value, "decimals": 6}],
    }
    if "activations" in training:
        tables["network"]["activations"] = tables["training"].pop("activations")
    return check_preset(preset_of_tables(tables, "test"), "test")


def test_what_the_optimizer_remembers_can_be_a_published_figure() -> None:
    # After one update of Adam m is 0.1 times the gradient, and the gradient is that of the step before.
    (gradient,) = verify(with_figure("dw2[1,1]", step=0), Path())

    for quantity, value in (("m-w2[1,1]", 0.1 * gradient.computed), ("last-dw2[1,1]", gradient.computed)):
        (found,) = verify(with_figure(quantity, round(value, 6)), Path())

        assert found.computed == pytest.approx(value, rel=1e-12)
        assert found.verdict is FigureVerdict.AGREES


@pytest.mark.parametrize(
    ("preset", "reason"),
    [
        (
            with_figure("w1[1,1]", activations=["step", "sigmoid"]),
            r"step 0: no gradient passes through step, whose slope is 0$",
        ),
        (with_figure("w3[1,1]"), r"w3\[1,1\]: the network has layers 1 to 2$"),
        (with_figure("velocity-w1[1,1]"), "the optimizer's state is \"m-w1"),
    ],
)
def test_a_figure_that_cannot_be_computed_says_why(preset: Preset, reason: str) -> None:
    with pytest.raises(PresetError, match=reason):
        list(verify(preset, Path()))


def test_rounding_on_the_way_is_distinguished_from_a_slip_of_the_source() -> None:
    # The hand-worked figures of scikit-learn's test_fit go on from 3 decimals, and have 0.6 for 0.7 in two terms.
    preset = read_preset(Path(__file__).parents[1] / "data" / "mlp-test-fit.toml")
    found = {(each.figure.step, each.figure.quantity): each for each in verify(preset, Path())}

    assert found[0, "a2[1]"].why == "agrees with the printed numbers before it, rounded to 3 decimals"
    for name in ("dw1[1,3]", "dw1[2,3]"):
        assert found[0, name].verdict is FigureVerdict.SLIP
        assert found[0, name].why == "agrees if x[3] is 0.6 there and not 0.7"
    assert found[1, "w1[1,3]"].verdict is FigureVerdict.FOLLOWS
    assert not any(each.verdict is FigureVerdict.DISAGREES for each in found.values())


def test_what_follows_from_a_wrong_figure_is_not_wrong_itself() -> None:
    # z2 should be 1.105906; σ(1.3) is 0.785835, and (0.785835 − 0.01) · 0.785835 · 0.214165 is 0.130572.
    shipped = find("mazur")
    figures = [("z1[1]", 0.3775), ("z2[1]", 1.3), ("a2[1]", 0.785835), ("dz2[1]", 0.130572)]
    published = [Published(step=0, quantity=name, value=value, decimals=6) for name, value in figures]

    z1, z2, a2, dz2 = verify(replace(shipped, published=published), Path())

    assert z1.verdict is FigureVerdict.AGREES
    assert (z2.verdict, z2.why) == (FigureVerdict.DISAGREES, "")
    assert {a2.verdict, dz2.verdict} == {FigureVerdict.FOLLOWS}
    assert a2.why == "follows from z2[1]: agrees with the printed numbers before it"


def test_the_loss_of_one_example_has_the_convention_of_all() -> None:
    network = {"layers": [2, 2], "activations": ["sigmoid"], "bias": "none", "weights": [[[1, 0], [0, 1]]]}
    logit = 0.4054651081081644
    data = {"inputs": [[logit, -logit], [-logit, logit]], "targets": [[0, 1], [0, 0]]}
    figures = (("loss", 0.815), ("loss@1", 0.916), ("loss@2", 0.714))
    published = [{"step": 0, "quantity": name, "value": value, "decimals": 3} for name, value in figures]
    tables = {"name": "test", "network": network, "training": {"loss": "bce", "learning_rate": 0.5}, "data": data}

    found = list(verify(preset_of_tables({**tables, "published": published}, "test"), Path()))

    assert {each.verdict for each in found} == {FigureVerdict.EXPLAINED}
    assert "the loss is the mean over the outputs" in found[0].why
    assert found[0].why.endswith("(dw1[1,1] of step 0 would decide)")


def test_a_velocity_may_have_the_learning_rate_in_it() -> None:
    # L = w², w = 10: the gradients are 20 and 0.5 · 20 + 18 for η 0.05 and β 0.5.
    network = {"layers": [1, 1], "activations": ["identity"], "bias": "none", "weights": [[[10]]]}
    training = {"loss": "sse", "learning_rate": 0.05, "optimizer": {"name": "momentum", "momentum": 0.5}}
    published = [
        {"step": step, "quantity": "velocity-w1[1,1]", "value": value, "decimals": 2}
        for step, value in ((1, -1.0), (2, -1.4))
    ]
    tables = {"name": "test", "network": network, "training": training, "data": {"inputs": [[1]], "targets": [[0]]}}

    found = list(verify(preset_of_tables({**tables, "published": published}, "test"), Path()))

    assert [each.why for each in found] == ["agrees if the velocity has the learning rate in it, v = βv − ηg"] * 2


def test_a_single_number_is_asked_about_and_never_a_slip() -> None:
    (found,) = verify(with_figure("a1[1]", 0.53705, step=0, optimizer="sgd"), Path())  # tanh(0.6)

    assert found.verdict is FigureVerdict.DISAGREES
    assert found.why == (
        "only one number differs; it would agree if w1[1,1] is 0.6 and not 0.5, if b1[1] is 0.1 and not 0, "
        "or if x[1] is 1.2 and not 1 (dw1[1,1] of step 0 would decide)"
    )
