"""The short explanation of a neuron: its activation, its sum, and at the output the loss."""

from dataclasses import replace
from math import exp

from ...core.explaining.explanation import Explanation
from ...core.functions.activation import VectorActivation
from ...core.notation.notation import Notation
from ...core.quantities.formula import Product, Sum, Term
from ...core.quantities.quantity import Kind, Quantity
from .briefing import STRIP, Briefing
from .data_names import DataNames, in_data
from .equation import fitted_sum
from .numbers import plain, short, signed
from .spans import Line, Span, label
from .term_rows import TermRow, paired_rows, sum_text, term_bar, term_rows

LETTERS = {"sigmoid": "σ"}
"""Functions that are written as a letter."""
MOST_SUMMED = 6
"""The most terms of a sum that are written in one line."""
MUCH = 14
"""Lines from which on the sum shares its room with the previous neurons."""
BESIDE_TERMS = 3
"""Lines of a neuron and its loss beside the terms of its sum."""
LEAST_SLOPES = 4
"""Lines for the gradients of a neuron: two, a blank line before them, and a blank line before the rest."""
LEAST_SUM = 3
"""Lines of a sum under a softmax."""
MOST_SYMBOLS = 48
"""The most columns of the formula of a loss."""


def neuron_lines(b: Briefing, width: int, height: int) -> list[Line]:
    """The activation, the sum of z, and at the output the loss; with enough room, also their origin."""
    quantity = b.of_example(b.quantity)
    n_in = b.trainer.network.layers[quantity.layer].n_in
    lines = _own_lines(b, quantity, width, height)
    if height <= STRIP:
        return lines
    is_cut = MUCH <= height and quantity.layer > 0 and n_in >= height - len(lines)
    if is_cut and (n_in + 1) // 2 + BESIDE_TERMS <= height - n_in - 1:
        lines = _own_lines(b, quantity, width, height - n_in - 1)  # the previous neurons matter more than their weights
    return [*lines, *_origins(b, quantity, width, height - len(lines))]


def _own_lines(b: Briefing, quantity: Quantity, width: int, height: int) -> list[Line]:
    """The activation, the sum of z, and at the output the loss."""
    z, a = (b.explained(replace(quantity, kind=kind)) for kind in (Kind.Z, Kind.A))
    layer = b.trainer.network.layers[quantity.layer]
    is_output = quantity.layer == b.snapshot.layers - 1
    target: list[Span] = []
    if is_output:
        y = b.value(b.of_example(Quantity(Kind.Y, to=quantity.to)))
        target = [label(f"   target {short(y)}")]
    first = [*_activation(b, quantity, z, a, width - sum(len(span.text) for span in target)), *target]
    if is_output and (own := in_data(b.trainer.train, quantity.to, b.value(quantity), y)):
        said = f"   in the data {own[0]} → {own[1]}"
        first += [label(said)] if sum(len(span.text) for span in first) + len(said) <= width else []
    if isinstance(layer.activation, VectorActivation) and height >= layer.n_out + 3:
        lines = [first, *_softmax(b, quantity, width), *_loss_lines(b, 1, width)]
        left = height - len(lines)
        return lines if left < LEAST_SUM or layer.n_in < left else [*lines, [], *_sum_lines(b, z, width, left - 1, [])]
    room = height - len(_terms(b, z)[0]) - 3
    return [first, *_sum_lines(b, z, width, height - 1, loss=_loss_lines(b, room, width) if is_output else [])]


def _origins(b: Briefing, quantity: Quantity, width: int, room: int) -> list[Line]:
    """The previous neurons and the gradients of this one, each group after a blank line if it fits."""
    lines: list[Line] = []
    for layer in range(quantity.layer - 1, -1, -1):
        if b.trainer.network.layers[layer].n_out >= room - len(lines):
            break
        lines += _neurons_of(b, replace(quantity, layer=layer), width)
    if room - len(lines) >= LEAST_SLOPES and (slopes := _slopes(b, quantity, width)):
        lines += [[], *slopes] if lines else slopes
    return [[], *lines] if lines else []


def _letter(b: Briefing, activation: str) -> str:
    """The name of an activation function before its brackets; in ASCII, the full name."""
    short_form = activation if b.notation is Notation.INDEXED else LETTERS.get(activation, activation)
    return b.trainer.network.letters.activation or short_form


def _neurons_of(b: Briefing, quantity: Quantity, width: int) -> list[Line]:
    """The activations of the layer of a neuron, each with its own sum."""
    lines: list[Line] = []
    layer = b.trainer.network.layers[quantity.layer]
    letter = _letter(b, layer.activation.name)
    is_identity = layer.activation.name == "identity"
    for n in range(layer.n_out):
        of = replace(quantity, to=n)
        z, a = (b.explained(replace(of, kind=kind)) for kind in (Kind.Z, Kind.A))
        inner = b.numbers(z.equations[0]).replace(" · ", "·")
        begin = [Span(b.label(replace(of, kind=Kind.A)), ("value", "new")), label(" = ")]
        end = [label(f"{letter}("), Span(b.plain(z.value), ("value",)), label(") = "), b.bold(a.value)]
        whole = f"{letter}({inner}) = "
        if is_identity:
            end, whole = [b.bold(a.value)], f"{inner} = "
        used = sum(len(span.text) for span in [*begin, *end]) + len(whole)
        figure = b.remark_of(replace(of, kind=Kind.A))
        mark = [Span("  ✓", ("agrees",))] if figure.endswith("✓") else []
        lines.append([*begin, *([label(whole)] if used <= width else []), *end, *mark])
    return lines


def _slopes(b: Briefing, quantity: Quantity, width: int) -> list[Line]:
    """The gradients of a neuron's a and z, each with its formula, and with its numbers if they fit."""
    activation = b.trainer.network.layers[quantity.layer].activation
    slope = replace(quantity, kind=Kind.DA)
    if b.is_unknown(slope):
        return []
    kinds = [Kind.DZ] if isinstance(activation, VectorActivation) else [Kind.DA, Kind.DZ]
    if activation.name == "identity":
        kinds = [Kind.DA]
    lines: list[Line] = []
    for kind in kinds:
        explanation = b.explained(replace(slope, kind=kind))
        begin = [Span(b.label(replace(slope, kind=kind)), ("value", "new")), label(" = ")]
        end = b.bold(explanation.value)
        middles = [""]
        if explanation.equations:
            equation = explanation.equations[0]
            symbols, numbers = b.symbols(equation), b.numbers(equation)
            middles = [f"{symbols} = {numbers} = ", f"{numbers} = ", ""]
        used = len(begin[0].text) + len(end.text) + 3
        middle = next(each for each in middles if not each or len(each) + used <= width)
        lines.append([*begin, label(middle), end] if middle else [*begin, end])
    return lines


def _activation(b: Briefing, quantity: Quantity, z: Explanation, a: Explanation, width: int) -> list[Span]:
    """The equation of a neuron's a by its z."""
    activation = b.trainer.network.layers[quantity.layer].activation
    z_name, a_name = (b.label(replace(quantity, kind=kind)) for kind in (Kind.Z, Kind.A))
    if b.quantity.kind is Kind.A and b.title != a_name:
        a_name = f"P({b.title})" if isinstance(activation, VectorActivation) else b.title
    result = Span(b.plain(a.value), ("value", "new"))
    begin = [Span(a_name, ("value", "new")), label(" = ")]
    if isinstance(activation, VectorActivation):
        every = [exp(each) for each in _shifted(b, quantity)]
        own, total = every[quantity.to], sum(every)
        numbers = [Span(f"{plain(own, 4)} / {plain(total, 4)}", ("value",)), label(" = "), result]
        whole = [*begin, label(f"exp({z_name}) / Σ exp(z) = "), *numbers]
        return whole if sum(len(span.text) for span in whole) <= width else [*begin, *numbers]
    if activation.name == "identity":
        return [*begin, result]
    letter = _letter(b, activation.name)
    inner = Span(b.plain(z.value), ("value",))
    return [*begin, label(f"{letter}({z_name}) = {letter}("), inner, label(") = "), result]


def _sum_lines(b: Briefing, z: Explanation, width: int, height: int, loss: list[Line]) -> list[Line]:
    """The terms of z that fit, and their sum."""
    rows, bias = _terms(b, z)
    name = Span(b.label(replace(z.quantity, example=None)), ("value", "new"))
    total = Span(b.plain(z.value), ("value", "new"))
    if height < STRIP:
        values = [row.value for row in rows]
        values += [bias.value] if bias else []
        room = width - len(name.text) - len(total.text) - 6
        if len(values) > MOST_SUMMED:
            texts = (sum_text(values, b.decimals, most) for most in range(MOST_SUMMED, STRIP, -1))
            text = next((each for each in texts if len(each) <= room), "")
        else:
            text = fitted_sum(sum_text(values, b.decimals, MOST_SUMMED), room)
        if not text:
            return [[name, label(" = "), total]]
        return [[name, label(" = "), Span(text, ("value",)), label(" = "), total]]
    if len(rows) + 1 + bool(bias) <= height:
        table = term_rows([*rows, *([bias] if bias else [])], width, b.decimals)
        at = max(sum(len(span.text) for span in line[:3]) for line in table)
        gap = " " * max(at - len(name.text) - 3, 0)
        lines = [*table, [name, Span(gap), label(" = "), Span(signed(z.value, b.decimals), ("value", "new"))]]
        return [*lines, *(loss if len(lines) < height else [])]
    few = max(min(b.decimals, 4), 1)
    pairs, left_out = paired_rows(rows, width, few, height - 1)
    sums = f"these {len(rows)}" if not left_out else f"these {len(rows) - left_out} + {left_out} smaller ones"
    end: list[Span] = [name, label(f" = {sums}")]
    if bias:
        end += [label(f" + {bias.name} "), Span(signed(bias.value, few), ("value",))]
    end += [label(" = "), total]
    shared: Line = []
    if b.has_loss and loss and len(pairs) + 1 >= height:
        shared = [label(f"   {b.label(_loss(b))} "), Span(b.plain(b.value(_loss(b))), ("value",))]
    if sum(len(span.text) for span in [*end, *shared]) > width:
        end[1] = label(end[1].text.replace(" smaller ones", " smaller"))
    if sum(len(span.text) for span in [*end, *shared]) <= width:
        end += shared
    return [*pairs, end, *(loss if len(pairs) + 1 < height else [])]


def _terms(b: Briefing, z: Explanation) -> tuple[list[TermRow], TermRow | None]:
    """The products and the bias that add up to z."""
    expression = z.equations[0].expression
    rows, bias = [], None
    for node in expression.terms if isinstance(expression, Sum) else (expression,):
        if isinstance(node, Product):
            w, a = node.factors
            if isinstance(w, Term):
                source = b.name(a) if isinstance(a, Term) else "1"
                rows.append(TermRow(f"{b.name(w)} · {source}", (w.value, a.value), node.value, w.quantity))
        elif isinstance(node, Term):
            bias = TermRow(b.name(node), (), node.value, node.quantity)
    return rows, bias


def _softmax(b: Briefing, quantity: Quantity, columns: int) -> list[Line]:
    """A row for each output: z, exp(z), and its share of the sum."""
    names, shifted = DataNames.of(b.trainer, b.notation), _shifted(b, quantity)
    every = [exp(each) for each in shifted]
    width = max(len(names.output(n)) for n in range(len(every)))
    room = max(min(columns - width - 39, 20), 0)
    lines: list[Line] = [[label(f"{' ' * width}{'z':>12}{'exp(z)':>13}{'share':>12}")]]
    for n, each in enumerate(every):
        share, z = each / sum(every), b.value(replace(quantity, kind=Kind.Z, to=n))
        style = ("accent",) if n == quantity.to else ("label",)
        text = f"{signed(z, b.decimals):>12}{plain(each, 4):>13}"
        own = ("value", "new") if n == quantity.to else ("value",)
        numbers = [Span(text, ("value",)), Span(f"{plain(share, b.decimals):>12}", own)]
        lines.append([Span(names.output(n).ljust(width), style), *numbers, Span("  "), term_bar(share, 1.0, room)])
    return lines


def _shifted(b: Briefing, quantity: Quantity) -> list[float]:
    """The z of a layer, shifted so that their exponentials are finite."""
    n_out = b.trainer.network.layers[quantity.layer].n_out
    z = [b.value(replace(quantity, kind=Kind.Z, to=n)) for n in range(n_out)]
    return z if max(z) < 50 else [each - max(z) for each in z]


def _loss(b: Briefing) -> Quantity:
    is_single = len(b.snapshot.forward.X) == 1
    return Quantity(Kind.LOSS) if is_single else b.of_example(Quantity(Kind.LOSS))


def _loss_lines(b: Briefing, room: int, width: int) -> list[Line]:
    """The loss of the example; written out if it fits and its formula is short."""
    loss = _loss(b)
    if not b.has_loss:
        return [[label(f"the next phase computes {_next_result(b)}: f")]]
    explanation, name = b.explained(loss), b.label(loss)
    begin = [Span(name, ("value", "new")), label(" = ")]
    result = Span(b.plain(explanation.value), ("value", "new"))
    symbols = b.symbols(explanation.equations[0]) if explanation.equations else ""
    if short_form := _log_loss(b):
        if room > 1 and len(symbols) <= MOST_SYMBOLS:
            whole: Line = [*begin, label(symbols)]
            return [whole, [label(f"{' ' * len(name)} = "), *short_form, label(" = "), result]]
        return [[*begin, *short_form, label(" = "), result]]
    if symbols and len(symbols) <= min(MOST_SYMBOLS, width - len(name) - len(result.text) - 6):
        return [[*begin, label(f"{symbols} = "), result]]
    return [[*begin, result]]


def _next_result(b: Briefing) -> str:
    """The result of the next phase in a forward pass: a layer's, or the loss."""
    done = b.snapshot.stage.layer
    return "the loss" if done is None or done == b.snapshot.layers - 1 else f"layer {done + 2}"


def _log_loss(b: Briefing) -> list[Span]:
    """The term of an output's log loss that is not 0."""
    if b.trainer.output.loss.name != "bce" or b.trainer.network.layers[-1].n_out > 1 or b.trainer.penalty:
        return []
    if b.snapshot.forward.weights is not None:
        return []
    y_hat = b.of_example(Quantity(Kind.A, b.snapshot.layers - 1))
    name, value, y = b.label(y_hat), b.value(y_hat), b.value(b.of_example(Quantity(Kind.Y)))
    if y not in (0.0, 1.0):
        return []
    form = f"−ln {name} = −ln " if y else f"−ln(1 − {name}) = −ln "
    return [label(form), Span(b.plain(value if y else 1.0 - value), ("value",))]


def inner_text(b: Briefing, decimals: int) -> str:
    """The activation of a neuron with its number, as σ(0.084); empty if the activation needs more than one z."""
    if b.quantity.kind is not Kind.A:
        return ""
    quantity = b.of_example(b.quantity)
    activation = b.trainer.network.layers[quantity.layer].activation
    if isinstance(activation, VectorActivation):
        return ""
    z = plain(b.value(replace(quantity, kind=Kind.Z)), decimals + 1)
    letter = _letter(b, activation.name)
    return z if activation.name == "identity" else f"{letter}({z})"
