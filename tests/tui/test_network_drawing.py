"""The drawing of a network: where everything stands, what lines look like, and what the cursor lights."""

from re import fullmatch, search
from statistics import median

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn_tui.core.debugger.stage import Phase, Stage
from nn_tui.core.functions.activation import Activation
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.quantity import Kind, Quantity
from nn_tui.core.training.training import Experiment
from nn_tui.tui.text.data_names import DataNames
from nn_tui.tui.text.hover_text import hover_text
from nn_tui.tui.text.network.activation_curve import activation_curve, has_curve
from nn_tui.tui.text.network.braille import LineCanvas, Stroke
from nn_tui.tui.text.network.brush import Look
from nn_tui.tui.text.network.drawing import draw_network, layer_needs, need_of
from nn_tui.tui.text.network.figures import fitted, gradient, input_scale
from nn_tui.tui.text.network.heat_map import Pixels, heat_maps, learns_a_plane
from nn_tui.tui.text.network.layer_plan import NodeForm
from nn_tui.tui.text.network.lines import draw_lines, lines_of
from nn_tui.tui.text.network.network_plan import plan_of
from nn_tui.tui.text.network.network_values import NetworkValues
from nn_tui.tui.text.network.selection import Selection
from nn_tui.tui.text.network.sheet import Sheet, key_of
from nn_tui.tui.text.numbers import signed
from nn_tui.tui.text.resolve import explain_shown

from ..helpers.experiments import experiment, experiment_of
from ..helpers.fuzz import FUZZ
from ..helpers.network import plan_for, sheet_of
from ..helpers.pages import snapshot_after, snapshot_of, text_of
from ..helpers.quantities import quantity, shown_by

SIZES = {"60x20": (58, 14), "80x24": (78, 16), "120x36": (68, 22), "200x60": (116, 38)}
"""Columns and rows of the drawing on screens of four sizes."""
SMALL = ["1-1-1-1", "2-2-1", "2-3-1", "2-2-2", "3-4-1", "mazur", "han-kamber"]


def drawn(name: str, size: tuple[int, int] = (68, 22), cursor: str = "", steps: int = 0, **look: bool) -> Sheet:
    of = experiment_of(name)
    chosen = quantity(cursor) if cursor else None
    return sheet_of(of.trainer, snapshot_of(of, steps), size, chosen, look=Look(**look))


def styles_at(sheet: Sheet, text: str) -> set[tuple[str, ...]]:
    """The styles of all spans with a text."""
    return {span.styles for y in range(sheet.height) for span in sheet.line(y) if text in span.text}


def shape(layers: list[int]) -> Experiment:
    return experiment(
        network__layers=layers, data__inputs=[[0.5] * layers[0]] * 2, data__targets=[[1.0] * layers[-1]] * 2
    )


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("name", [*SMALL, "2-2-2-1"])
def test_every_name_value_weight_and_bias_of_a_small_network_is_seen(name: str, size: tuple[int, int]) -> None:
    of = experiment_of(name)
    sheet = drawn(name, size)

    text = "\n".join(text_of(sheet))

    assert sheet.width <= size[0] and sheet.height <= size[1]
    assert all(each in text for each in ("inputs", "output"))
    assert "a¹₁" in text or "z" in text
    if (name, size) != ("2-2-2-1", SIZES["60x20"]):
        every = [w for each in (*of.start.W, *of.start.b) for w in each.ravel().tolist()]
        assert all(any(f"{w:+.{n}f}".replace("-", "−").lstrip("+") in text for n in (2, 3, 6)) for w in every)


@pytest.mark.parametrize("name", ["moons", "iris"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_data_sets_are_drawn_within_the_panel(name: str, size: tuple[int, int]) -> None:
    sheet = drawn(name, size)

    assert (sheet.width, sheet.height) == size
    assert ("setosa" in "\n".join(text_of(sheet))) is (name == "iris")


@settings(deadline=None, max_examples=FUZZ // 5)
@given(
    layers=st.lists(st.integers(1, 40), min_size=2, max_size=5),
    width=st.integers(20, 220),
    height=st.integers(6, 70),
    number=st.integers(0, 5),
    gradients=st.booleans(),
    ascii=st.booleans(),
    at=st.integers(0, 10_000),
)
@example(layers=[1, 1], width=43, height=12, number=0, gradients=True, ascii=False, at=0)  # numbers under their letters
def test_nothing_is_written_over_or_outside(
    layers: list[int], width: int, height: int, number: int, gradients: bool, ascii: bool, at: int
) -> None:
    of = shape(layers)
    snapshot = snapshot_after(of, number)
    cells = list(sheet_of(of.trainer, snapshot, (width, height), gradients=gradients).stops.values())
    cursor = cells[at % len(cells)].quantity

    sheet = sheet_of(of.trainer, snapshot, (width, height), cursor, gradients=gradients, look=Look(ascii=ascii))

    assert {sum(len(span.text) for span in sheet.line(y)) for y in range(sheet.height)} == {sheet.width}
    assert all(0 <= x < sheet.width and 0 <= y < sheet.height for y, x in sheet.texts)
    plan = plan_for(of.trainer, snapshot, (width, height), gradients=gradients)
    for cell in sheet.stops.values():
        key = key_of(cell.quantity)
        if key[0] != "neuron" or plan.layers[key[1]].is_single:
            written = [sheet.texts[cell.y, x][2] for x in range(cell.x, cell.x + cell.width)]
            assert set(written) <= {cell.quantity, None} and cell.quantity in written
    if ascii:
        places = [character for y in range(sheet.height) for span in sheet.line(y) for character in span.text]
        assert not any(0x2800 <= ord(each) < 0x2900 or each in "╭╮╰╯│─┼┤┬┴" for each in places)


@settings(deadline=None, max_examples=FUZZ // 8)
@given(
    layers=st.lists(st.integers(1, 12), min_size=2, max_size=4),
    width=st.integers(40, 200),
    height=st.integers(10, 60),
)
def test_each_weight_has_a_cell_where_weights_are_written_and_each_neuron_has_one(
    layers: list[int], width: int, height: int
) -> None:
    of = shape(layers)
    snapshot = snapshot_after(of, 2)
    plan = plan_for(of.trainer, snapshot, (width, height))

    keys = {key_of(each) for each in sheet_of(of.trainer, snapshot, (width, height)).stops}

    assert {("neuron", n, k, None) for n, size in enumerate(layers) for k in range(size)} <= keys
    for n, layer in enumerate(plan.layers[1:]):
        if layer.weights:
            assert {("weight", n, to, of) for to in range(layers[n + 1]) for of in range(layers[n])} <= keys
        count = layers[n] * layers[n + 1]
        assert layer.weights is None or count <= min(48, plan.need.rows)


@settings(deadline=None, max_examples=FUZZ // 8)
@given(layers=st.lists(st.integers(1, 9), min_size=2, max_size=4), moves=st.lists(st.sampled_from("udlr"), max_size=30))
def test_the_arrows_lead_from_number_to_number_and_back(layers: list[int], moves: list[str]) -> None:
    of = shape(layers)
    sheet = sheet_of(of.trainer, snapshot_after(of, 2))
    cell = sheet.first_cell()
    assert cell and key_of(cell.quantity) == ("neuron", len(layers) - 1, 0, None)

    for move in moves:
        x, y = {"u": (0, -1), "d": (0, 1), "l": (-1, 0), "r": (1, 0)}[move]
        after = sheet.next_cell(cell, x, y)
        assert after.quantity in sheet.stops
        if y and after != cell:
            assert (after.y - cell.y) * y > 0 and sheet.next_cell(after, 0, -y) == cell
        if x and after != cell:
            assert (after.x - cell.x) * x > 0
        cell = after


def test_from_a_weight_the_arrows_lead_to_its_neurons() -> None:
    sheet = drawn("3-4-1")
    weight = sheet.cell_of(quantity("w1[4,2]"))
    assert weight

    before, after = sheet.next_cell(weight, -1, 0), sheet.next_cell(weight, 1, 0)

    assert key_of(before.quantity) == ("neuron", 0, 1, None)
    assert key_of(after.quantity) == ("neuron", 1, 3, None)


def test_the_number_of_another_panel_is_found_at_its_neuron_and_its_weight() -> None:
    sheet = drawn("3-4-1")

    for shown, own in (("dw1[2,3]", "w1[2,3]"), ("z1[2]@1", "a1[2]@1"), ("db1[4]", "b1[4]"), ("m-w1[2,3]", "w1[2,3]")):
        cell = sheet.cell_of(quantity(shown))
        assert cell and cell.quantity == quantity(own)


def test_a_line_is_dashed_where_its_weight_is_negative() -> None:
    solid, dashed = Stroke(0, 8, 100, 8), Stroke(0, 8, 100, 8, dashed=True)

    assert len(solid.dots) == 101
    assert len(dashed.dots) == pytest.approx(101 * 3 / 5, abs=2)


def test_a_thick_line_is_two_dots_wide() -> None:
    for stroke in (Stroke(4, 8, 60, 20, 2), Stroke(4, 8, 20, 60, 2)):
        thin = stroke._replace(thickness=1)
        assert len(set(stroke.dots)) == 2 * len(set(thin.dots))


def test_a_cell_has_the_colour_of_its_strongest_line_and_the_dots_of_all() -> None:
    canvas = LineCanvas()

    for style, y in (("plus-1", 1), ("minus-3", 2)):
        canvas.draw(Stroke(0, y, 3, y), (style,), 1)

    assert canvas.cells[0, 0].styles == ("minus-3",)
    assert canvas.drawn()[0, 0][0] == "⠶"


def test_a_lit_line_leaves_nothing_of_others_in_its_cells() -> None:
    canvas = LineCanvas()

    for rank, y in ((1, 1), (0, 2)):
        canvas.draw(Stroke(0, y, 3, y), ("ghost",) if rank == 0 else ("plus-3",), rank)

    assert canvas.drawn()[0, 0] == ("⠒", ("plus-3",))


@pytest.mark.parametrize(
    ("stroke", "glyph"),
    [
        (Stroke(0, 2, 40, 4), "-"),
        (Stroke(0, 2, 20, 22), "\\"),
        (Stroke(0, 22, 20, 2), "/"),
        (Stroke(10, 2, 12, 62), "|"),
    ],
)
def test_in_ascii_a_line_is_slanted_strokes(stroke: Stroke, glyph: str) -> None:
    assert set(stroke.slants.values()) == {glyph}


def test_each_gap_says_how_many_of_its_lines_are_drawn() -> None:
    heading = text_of(drawn("iris", (78, 16)))[0]

    assert "16 of 32 lines" in heading and "8 of 24" in heading


def test_in_ascii_a_line_that_falls_slowly_has_characters_of_several_heights() -> None:
    slants = Stroke(0, 0, 31, 7).slants

    assert "".join(slants[row, column] for row, column in sorted(slants)) == "``--..__``---.._"
    assert set(Stroke(0, 7, 31, 0).slants.values()) == set("'-._")


def test_in_ascii_a_steep_line_has_one_character_in_each_row() -> None:
    rows = [row for row, _ in Stroke(0, 0, 40, 39).slants]

    assert sorted(rows) == list(range(10))


def readability(of: Experiment, size: tuple[int, int], steps: int) -> float:
    """The median share of a line's cells that have its own colour, over the lines of the first gap."""
    snapshot = snapshot_of(of, steps)
    values = NetworkValues(snapshot, names=DataNames.of(of.trainer))
    plan = plan_for(of.trainer, snapshot, size)
    selection = Selection.of(values.sizes, Quantity(Kind.A, len(values.sizes) - 2, 0))
    canvas = draw_lines(plan, values, selection, {}, ascii=False, has_colours=True)
    shares = []
    for each in lines_of(plan, values, selection, 0):
        own = draw_lines(plan, values, selection, {}, ascii=False, has_colours=True, only=(0, each.to, each.source))
        same = [canvas.cells[place].styles == dots.styles for place, dots in own.cells.items()]
        shares.append(float(np.mean(same)))
    return median(shares)


@pytest.mark.parametrize(
    ("name", "steps", "size", "least"),
    [
        ("3-4-1", 0, SIZES["200x60"], 0.9),
        ("3-4-1", 0, SIZES["120x36"], 0.82),
        ("3-4-1", 0, SIZES["80x24"], 0.8),
        ("3-4-1", 0, SIZES["60x20"], 0.73),
        ("moons", 300, SIZES["200x60"], 0.85),
        ("moons", 300, (68, 24), 0.8),
        ("moons", 300, SIZES["80x24"], 0.6),
    ],
)
def test_lines_can_be_followed(name: str, steps: int, size: tuple[int, int], least: float) -> None:
    assert readability(experiment_of(name), size, steps) >= least


def test_strength_is_brightness() -> None:
    sheet = drawn("3-4-1")

    for weight, style in (("+0.179", "plus-3"), ("+0.044", "plus-2"), ("−0.186", "minus-3"), ("−0.028", "minus-2")):
        assert styles_at(sheet, weight) == {(style,)}


def test_an_output_lights_all_that_feeds_it() -> None:
    sheet = drawn("3-4-1")

    assert not any("ghost" in styles for _, styles in sheet.dots.values())


def test_a_hidden_neuron_lights_its_lines_and_leaves_the_others_dark() -> None:
    sheet = drawn("3-4-1", cursor="a1[2]@1", has_focus=True)

    assert styles_at(sheet, "+0.179") == {("faint",)}
    assert styles_at(sheet, "−0.186") == {("minus-3",)}
    assert ("cursor",) in styles_at(sheet, "0.132")
    assert styles_at(sheet, "0.845") == {("faint",)}
    assert any(styles == ("ghost",) for _, styles in sheet.dots.values())


def test_a_weight_lights_its_way_to_the_output() -> None:
    sheet = drawn("3-4-1", cursor="w1[4,3]", has_focus=True)

    assert styles_at(sheet, "+0.088") == {("cursor",), ("faint",)}  # w¹₄₃, and w²₁₁
    assert {styles[0] for styles in styles_at(sheet, "−0.040")} == {"minus-2"}
    assert styles_at(sheet, "−0.131") == {("faint",)}


def test_weights_without_a_column_stand_beside_the_neurons_of_the_lit_one() -> None:
    sheet = drawn("iris", (68, 24), cursor="a1[4]@1", steps=200)

    keys = {key_of(each) for each in sheet.stops if each.from_ is not None}

    assert keys == {("weight", 0, 3, k) for k in range(4)} | {("weight", 1, to, 3) for to in range(3)}


def test_a_neuron_is_filled_by_the_range_of_its_activation() -> None:
    of = experiment_of("3-4-1")
    values = NetworkValues(snapshot_of(of, 0))
    fill = values.fill(1, 0)

    assert fill == pytest.approx((0.0, 0.845240), abs=1e-6)
    assert NetworkValues(snapshot_of(experiment_of("1-1-1-1"), 0)).fill(1, 0) is None

    iris = NetworkValues(snapshot_of(experiment_of("iris"), 0))
    for k, value in enumerate(iris.values[1].tolist()):
        first, last = iris.fill(1, k) or (0, 0)
        assert (first, last) == pytest.approx(sorted((0.5, (value + 1) / 2)))


def test_a_network_of_two_inputs_is_drawn_in_heat_maps_where_it_learns_a_data_set() -> None:
    for name, expected in (("moons", True), ("spiral", True), ("xor", True), ("3-4-1", False), ("mazur", False)):
        assert learns_a_plane(experiment_of(name).trainer) is expected


def test_a_heat_map_has_the_values_of_its_neuron() -> None:
    of = experiment_of("moons")
    snapshot = snapshot_of(of, 300)
    sizes = (Pixels(5, 4), Pixels(5, 4), Pixels(14, 16))

    maps = heat_maps(of.trainer, snapshot.state, sizes)

    assert [each.shape for each in maps] == [(2, 4, 5), (8, 4, 5), (1, 16, 14)]
    assert maps[0][0][0].tolist() == sorted(maps[0][0][0].tolist())  # x₁ grows to the right
    assert maps[0][1][:, 0].tolist() == sorted(maps[0][1][:, 0].tolist(), reverse=True)  # x₂ upward
    assert maps[2][0][0].max() < 8 < maps[2][0][-1].min()  # class 0 above, class 1 below


def test_without_colours_a_heat_map_is_glyphs_and_every_negative_line_is_dashed() -> None:
    text = "\n".join(text_of(drawn("moons", (68, 24), steps=300, has_colours=False)))

    assert "▀" not in text and {"░", "▒", "█"} & set(text)


def test_a_picture_of_inputs_leads_to_shades_and_to_named_classes() -> None:
    of = experiment_of("digits")
    sheet = drawn("digits", steps=200)
    text = "\n".join(text_of(sheet))

    assert "input · 8×8 pixels" in text and "2 048" in text and "32 hidden · relu" in text
    actual = int(snapshot_of(of, 200).forward.y[0].argmax())
    assert [line.split()[-3:-1] for line in text.splitlines() if "actual" in line] == [[str(actual), "actual"]]
    assert sheet.note == "lines: the 12 largest of 32 contributions to 0"
    assert len({key_of(each) for each in sheet.stops}) >= sum(of.trainer.network.sizes)


def test_a_gap_with_too_many_lines_shows_those_of_the_neuron_under_the_cursor() -> None:
    sheet = drawn("spiral", (116, 38), cursor="a2[11]@1")

    assert sheet.note == "256 lines: only those of a²₁₁"


def test_a_large_screen_shows_frames_with_z_a_b_and_their_gradient() -> None:
    of = experiment_of("3-4-1")
    snapshot = snapshot_of(of, 0)

    text = "\n".join(text_of(sheet_of(of.trainer, snapshot, SIZES["200x60"])))

    for number in ("1.697745", "0.845240", "∂E/∂z −0.005523", "+0.178863", "−0.479112"):
        assert number in text


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_chain_is_drawn_in_frames_at_every_size(size: tuple[int, int]) -> None:
    of = experiment_of("1-1-1-1")
    sheet = sheet_of(of.trainer, snapshot_of(of, 0), size, notation=Notation.COUNTED)
    text = text_of(sheet)
    line = next(y for y, each in enumerate(text) if search("x +1.5", each))

    assert sheet.width <= size[0] and sheet.height <= size[1]
    assert text[line - 1].count("w₂") == 1 and text[line + 1].count("+0.50") == 1, text
    assert sum("│" in each for each in text) >= size[1] // 3
    assert sum(each.count("dl/da") for each in text) == 3


def test_a_frame_too_narrow_for_a_row_has_each_number_below_its_letter() -> None:
    of = experiment_of("1-1-1-1-relu")
    text = text_of(sheet_of(of.trainer, snapshot_of(of, 0), (68, 18), notation=Notation.COUNTED))
    column = text[2].index("a₁")

    inner = [each[column - 2 : column + 6].strip(" │") for each in text[3:11]]

    assert inner == ["z", "1.3000", "a", "1.3000", "b", "0.1000", "dl/dz", "−1.2375"]


def test_the_cursor_goes_from_a_chain_s_weight_to_the_frames_beside_it() -> None:
    sheet = drawn("1-1-1-1", (68, 18))
    cell = sheet.cell_of(quantity("w2[1,1]"))

    assert cell and sheet.next_cell(cell, 1, 0).quantity.layer == 1
    assert sheet.next_cell(cell, -1, 0).quantity.layer == 0


def test_a_chain_too_long_for_frames_is_drawn_as_before() -> None:
    of = shape([1] * 6)
    plan = plan_for(of.trainer, snapshot_of(of, 0), (68, 18))

    assert plan.width <= 68 and NodeForm.BOX not in {each.form for each in plan.layers}


def test_a_frame_of_a_chain_has_no_z_and_the_letters_of_its_article() -> None:
    of = experiment_of("1-1-1-1")

    sheet = sheet_of(of.trainer, snapshot_of(of, 0), SIZES["200x60"], notation=Notation.COUNTED)

    text = "\n".join(text_of(sheet))
    assert "a         1.300000" in text and "dl/da    −1.650000" in text
    assert "z" not in text and "∂" not in text


@pytest.mark.parametrize("name", ["1-1-1-1", "2-2-1", "2-2-2-1", "mazur"])
def test_a_large_screen_frames_every_small_network(name: str) -> None:
    of = experiment_of(name)

    layers = plan_for(of.trainer, snapshot_of(of, 0), SIZES["200x60"]).layers

    assert {layer.form for layer in layers[1:]} == {NodeForm.BOX}


@pytest.mark.parametrize(("name", "mark"), [("1-1-1-1", 6), ("mazur", 4)])
def test_where_there_is_room_a_frame_has_the_curve_of_its_activation_with_a_mark_at_z(name: str, mark: int) -> None:
    curved, plain = drawn(name, SIZES["200x60"]), drawn("3-4-1", SIZES["200x60"])
    neurons = sum(experiment_of(name).trainer.network.sizes[1:])

    marks = [(y, x) for (y, x), (text, *_) in curved.texts.items() if text == "●"]
    assert len(marks) == neurons and not any(text == "●" for text, *_ in plain.texts.values())
    dots = [y for (y, _), (text, styles, _) in curved.texts.items() if "⠀" < text <= "⣿"]
    assert max(dots) - min(dots) >= mark


def test_a_curve_is_drawn_in_the_range_of_its_activation_and_a_softmax_has_none() -> None:
    sigmoid, relu, softmax = (ACTIVATIONS[name] for name in ("sigmoid", "relu", "softmax"))

    def marked(activation: Activation, z: float) -> tuple[int, int]:
        cells = activation_curve(activation, z, 12, 7, ascii=True)
        return next(place for place, (text, _) in cells.items() if text == "o")

    assert marked(sigmoid, 0.0)[0] == 3 and marked(sigmoid, 9.0)[0] == 0 and marked(sigmoid, -9.0)[0] == 6
    assert marked(relu, -2.0)[0] == marked(relu, -1.0)[0] == 6 and marked(relu, 3.0)[0] < 3
    assert has_curve(relu) and not has_curve(softmax)
    assert not activation_curve(relu, float("nan"), 12, 7, ascii=True)


def test_a_wide_drawing_of_heat_maps_writes_every_weight() -> None:
    wide, usual = (drawn("moons", size, steps=1) for size in ((116, 31), (68, 24)))

    written = {key_of(each)[0] for each in wide.stops if each.kind is Kind.W and each.layer == 0}
    assert written and not [each for each in usual.stops if each.kind is Kind.W and each.layer == 0]
    assert sum(each.kind is Kind.W for each in wide.stops) == 24


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_lines_of_a_chain_are_level(size: tuple[int, int]) -> None:
    of = experiment_of("1-1-1-1")
    plan = plan_for(of.trainer, snapshot_of(of, 0), size)

    for n in range(3):
        line = plan.stroke(n, 0, 0, 1, dashed=False).stroke
        assert line.y0 == line.y1 and line.x1 > line.x0


def test_a_huge_drawing_has_larger_heat_maps() -> None:
    of = experiment_of("moons")
    large, huge = (plan_for(of.trainer, snapshot_of(of, 0), size) for size in ((116, 38), (196, 53)))

    assert [layer.map_width for layer in large.layers] == [7, 7, 26]
    assert [layer.map_width for layer in huge.layers] == [11, 11, 40]


@pytest.mark.parametrize("stage", [Stage(Phase.FORWARD, 0), Stage(Phase.BACKWARD, 1)])
def test_what_is_not_computed_yet_is_a_dot_and_the_gap_at_work_has_an_arrow(stage: Stage) -> None:
    of = experiment_of("3-4-1")
    sheet = sheet_of(of.trainer, snapshot_of(of, 0, stage), look=Look(flash=True))
    lines = text_of(sheet)

    is_forward = stage.phase is Phase.FORWARD
    assert ("▸" if is_forward else "◂") in lines[0]
    assert any("ŷ₁     ·" in line for line in lines) is is_forward
    assert (("accent", "new", "raised", "fill") in styles_at(sheet, "0.8")) is is_forward


def test_the_activation_is_left_out_where_the_next_heading_is_too_near() -> None:
    heads = [text_of(drawn("2-2-2-1", size))[0] for size in (SIZES["120x36"], (110, 22))]

    assert "layer 2 · sigmoid" in heads[1] and "output · sigmoid" in heads[1]
    assert heads[0].split()[0] == "inputs" and heads[0].endswith("output")


@pytest.mark.parametrize(
    ("number", "width", "text"),
    [(0.5, 6, "+0.500"), (-12.3456, 6, "−12.35"), (1234.5, 6, " +1234"), (-1e9, 6, "  −1e9"), (1e-9, 6, "+0.000")],
)
def test_numbers_fit_their_columns(number: float, width: int, text: str) -> None:
    assert fitted(number, width, 3, sign=True) == text


def test_a_tiny_gradient_keeps_its_order_of_magnitude() -> None:
    assert gradient(-4.2e-05, 6, 3) == " −4e−5"
    assert gradient(0.0421, 6, 3) == "+0.042"


@settings(deadline=None, max_examples=FUZZ)
@given(number=st.floats(), width=st.integers(5, 9))
def test_any_number_fits(number: float, width: int) -> None:
    assert len(fitted(number, width, 3, sign=True)) == width == len(gradient(number, width, 3))


@pytest.mark.parametrize("name", ["3-4-1", "xor", "iris", "digits"])
def test_in_gradients_every_number_is_one_and_explained(name: str) -> None:
    of = experiment_of(name)
    snapshot = snapshot_after(of, 2)
    sheet = sheet_of(of.trainer, snapshot, (116, 38), example=1, gradients=True)

    spans = [span for y in range(sheet.height) for span in sheet.line(y) if span.quantity]

    assert {shown_by(span).kind for span in spans} <= {
        Kind.DZ,
        Kind.DW,
        Kind.DA,
        Kind.DB,
        Kind.Z,
        Kind.A,
        Kind.B,
        Kind.Y,
    }
    for span in spans:
        if span.quantity and span.quantity.kind in (Kind.DZ, Kind.DW, Kind.DB):
            number = span.text.strip("▌▀ b").replace("−", "-")
            if fullmatch(r"[+-]?\d+\.\d+", number):
                value = explain_shown(of.trainer, snapshot, shown_by(span)).value
                assert float(number) == pytest.approx(value, abs=0.6 * 10.0 ** -len(number.partition(".")[2])), (
                    span.quantity
                )


def test_the_sum_behind_a_gradient_is_reported() -> None:
    snapshot = snapshot_after(experiment_of("3-4-1"), 2)
    figures = NetworkValues(snapshot, gradients=True)

    # w²₁₁ = 0.088 and ∂E/∂z²₁ = 0.521 − 1; σ′ = 0.845 · 0.155.
    assert hover_text(figures, quantity("dz1[1]@1"), 70) == "∂E/∂a¹₁ = 0.088·−0.479 = −0.042, ∂E/∂z¹₁ = −0.006"
    assert hover_text(figures, quantity("dz1[1]@1"), 20) == "∂E/∂z¹₁ = −0.006"
    assert hover_text(figures, quantity("dz2[1]@1"), 70) == "∂E/∂ŷ₁ = −1.920, ∂E/∂z²₁ = −0.479"
    assert hover_text(figures, quantity("da0[1]@1"), 40) == "∂E/∂x₁ = Σ w·∂E/∂z = 6e−04"


def test_wide_plans_keep_their_forms() -> None:
    of = experiment_of("iris")
    snapshot = snapshot_of(of, 0)
    forms = {size: plan_for(of.trainer, snapshot, size).layers[1].form for size in ((68, 24), (116, 38), (196, 56))}

    assert forms == {(68, 24): NodeForm.TALL, (116, 38): NodeForm.CARD, (196, 56): NodeForm.BOX}
    assert signed(0.5, 3) == "+0.500"


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_bias_neurons_are_neurons_that_give_1_and_their_weights_are_lines(size: tuple[int, int]) -> None:
    sheet = drawn("2-2-2", size)

    assert "\n".join(text_of(sheet)).count("bias 1") == 2
    assert {"b1[1]", "b1[2]", "b2[1]", "b2[2]", "w2[2,2]"} <= {str(each) for each in sheet.stops}
    of = experiment_of("2-2-2")
    edges = NetworkValues(snapshot_of(of, 0)).edges
    assert edges[0].tolist() == [[0.15, 0.2, 0.35], [0.25, 0.3, 0.35]]


def test_the_headings_of_gradients_name_them() -> None:
    of = experiment_of("3-4-1")
    snapshot = snapshot_of(of, 0)

    values, gradients = (
        "".join(span.text for span in sheet_of(of.trainer, snapshot, (78, 16), gradients=shown).line(0))
        for shown in (False, True)
    )

    assert "layer 1 · sigmoid" in values and "output · sigmoid" in values
    assert "layer 1 · ∂E/∂z" in gradients and "output · ∂E/∂z" in gradients and "sigmoid" not in gradients


def test_gradients_lead_to_bias_neurons_too() -> None:
    snapshot = snapshot_of(experiment_of("2-2-2"), 0)
    values = NetworkValues(snapshot, gradients=True)

    assert values.sizes == (3, 3, 2)
    assert values.edges[1][:, 2].tolist() == snapshot.backward.db[1].tolist()
    assert values.edge_quantity(1, 0, 2) == quantity("db2[1]") and values.bias(1, 0) is None


def test_other_networks_have_their_biases_below_their_neurons() -> None:
    values = NetworkValues(snapshot_of(experiment_of("2-2-1"), 0))

    assert values.sizes == (2, 2, 1) and not values.has_bias_neurons
    assert values.bias(1, 0) == (0.1, quantity("b1[1]"))


def test_a_bias_that_a_layer_shares_has_its_name_below_each_neuron() -> None:
    of = experiment_of("2-3-1")
    values = NetworkValues(snapshot_of(of, 0), notation=Notation.NODES)
    plan = plan_of(need_of(values, layer_needs(values, input_scale(of.trainer)), SIZES["120x36"]))

    sheet = draw_network(plan, values, Selection.of(values.sizes, quantity("a2[1]")), Look(), input_scale(of.trainer))

    assert "\n".join(text_of(sheet)).count("b1  +0.100") + "\n".join(text_of(sheet)).count("b1 +0.100") == 3


@pytest.mark.parametrize("size", [(20, 3), (8, 2), (0, 0)])
def test_bias_neurons_are_drawn_in_the_least_room_too(size: tuple[int, int]) -> None:
    of = experiment_of("2-2-2")

    lines = text_of(sheet_of(of.trainer, snapshot_of(of, 0), size))

    assert lines[0].startswith("inputs") and "ŷ₁ 0.717" in lines[1] and "ŷ₂ 0.732" in lines[2]
    assert ("bias 1" in lines[-1]) == (size[1] == 3)


def test_where_lines_are_many_and_rows_few_only_the_strongest_of_each_neuron_are_drawn_and_counted() -> None:
    of = experiment_of("iris")
    small, large = (
        plan_for(of.trainer, snapshot_of(of, 0), (78, 15)),
        plan_for(of.trainer, snapshot_of(of, 0), (68, 23)),
    )
    values = NetworkValues(snapshot_of(of, 0), names=DataNames.of(of.trainer))
    output, hidden = (Selection.of(values.sizes, quantity(name)) for name in ("a2[1]", "a1[3]"))

    drawn_lines = lines_of(small, values, output, 0)

    assert {each.to for each in drawn_lines} == set(range(8)) and len(drawn_lines) == 16
    for to in range(8):
        shares = sorted(values.strengths[0][to])
        assert sorted(each.share for each in drawn_lines if each.to == to) == shares[-2:]
    assert len(lines_of(small, values, hidden, 0)) == 4, "all of the neuron under the cursor, and no others"
    assert len(lines_of(large, values, output, 0)) == 32
    assert "16 of 32 lines" in text_of(drawn("iris", (78, 15)))[0]
    assert "of 32" not in text_of(drawn("iris", (68, 23)))[0]
    assert [len(lines_of(each, values, output, 0, ascii=True)) for each in (small, large)] == [16, 16]
    assert "of 16" not in text_of(drawn("moons", (78, 15), ascii=True))[0], "all of them are drawn"
