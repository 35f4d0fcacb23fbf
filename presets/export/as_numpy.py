"""A script that trains the same network with NumPy alone, each equation a line."""

from collections.abc import Iterator
from math import inf

import numpy as np

from ...core.functions.losses import loss_of
from ...core.network.network import Bias
from .export_format import Contents, ExportFormat, StepExport, file_pieces
from .numpy_code import ACTIVATIONS, FUSED_CODE, LOSS_CODE, SLOTS, UPDATES
from .script import (
    TrainingScript,
    activation_code,
    array_text,
    code_of_loss,
    has_clipping,
    optimizer_settings,
)


def numpy_lines(step: StepExport) -> Iterator[str]:
    """The lines of the script.

    Raises:
        PresetError: the script cannot express the training, or it has too many numbers.
    """
    script = TrainingScript(step, FORMAT.name)
    script.check()
    if script.trainer.sequential and (script.trainer.optimizer.name != "sgd" or has_clipping(script)):
        raise script.refuse('expected update = "simultaneous", or sgd without clip')
    yield from script.head("NumPy")
    code = [*_passes(script), "", "", *_training(script)]
    if any("erf(" in line for line in code):
        yield "from math import erf as erf_of_one"
        yield ""
    yield "import numpy as np"
    yield ""
    yield from _numbers(script)
    yield from script.batch_lines("{}")
    yield from _functions(code)
    yield from ["", "", *code]


def _numbers(script: TrainingScript) -> Iterator[str]:
    kind = ", np.float32" if script.is_narrow else ""
    data, start = script.trainer.train, script.start
    yield f"X = np.array({array_text(data.X)}{kind})" + "  # standardized" * (data.scale is not None)
    yield f"y = np.array({array_text(data.y)}{kind})" + "  # standardized" * (data.target_scale is not None)
    if script.counts is not None:
        yield f"counts = np.array({array_text(script.counts)}{kind})  # what each example counts"
    for n in script.layers:
        yield f"W{n} = np.array({array_text(start.W[n - 1])}{kind})"
    for n in script.layers if script.has_bias else ():
        yield f"b{n} = np.array({array_text(start.b[n - 1])}{kind})"
    if len(script.rates) > 1:
        yield f"rates = {script.rates!r}"


def _functions(code: list[str]) -> Iterator[str]:
    text = "\n".join(code)
    if "erf(" in text:
        yield from ("", "", "erf = np.vectorize(erf_of_one)")
    if "log_softmax(" in text:
        yield from ("", "", "def log_softmax(z):", "    z = z - z.max(axis=1, keepdims=True)")
        yield "    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))"
    if " softmax(" in text:
        yield from ("", "", "def softmax(z):", "    e = np.exp(z - z.max(axis=1, keepdims=True))")
        yield "    return e / e.sum(axis=1, keepdims=True)"


def _passes(script: TrainingScript) -> Iterator[str]:
    """The function of both passes."""
    last = script.layers[-1]
    names = [f"W{n}" for n in script.layers] + [f"b{n}" for n in script.layers if script.has_bias]
    rate = ", rate" * script.trainer.sequential
    yield f"def passes(parameters, {script.batch_names}{rate}):"
    yield '    """The loss, ŷ, and the gradient of each of the parameters."""'
    yield f"    {', '.join(names)}{',' * (len(names) == 1)} = parameters"
    for n in script.layers:
        yield f"    z{n} = {_a(n - 1)} @ W{n}.T" + f" + b{n}" * script.has_bias
        yield f"    a{n} = {activation_code(script, n, ACTIVATIONS)[0].format(z=f'z{n}', a=f'a{n}')}"
    yield from (f"    {line}" for line in _loss(script, last))
    for n in reversed(script.layers):
        yield from (f"    {line}" for line in _backward(script, n))
    trained = [f"d{name}" for name in names if script.trainer.network.train_bias or name.startswith("W")]
    yield f"    return loss, a{last}, [{', '.join(trained)}]"


def _loss(script: TrainingScript, n: int) -> Iterator[str]:
    """The loss, and the gradient that the backward pass begins with."""
    head, z, a = script.trainer.output, f"z{n}", f"a{n}"
    fused = code_of_loss(script, FUSED_CODE, head.activation.name) if head.fused else None
    code = fused or code_of_loss(script, LOSS_CODE)
    if code is None or loss_of(head.loss.name) is not head.loss:
        raise script.refuse(f"there is no code for the loss {head.loss.name}")
    value, slope = (part.format(z=z, a=a) for part in code)
    total, share = script.mean(value, "y.size")
    yield f"loss = {total}{_price(script)}"
    yield f"{'dz' if fused else 'da'}{n} = {slope}{share}"


def _price(script: TrainingScript) -> str:
    penalty = script.trainer.penalty.in_usual_form
    if penalty.is_in_update:
        return ""
    weights = [f"W{n}" for n in script.layers]
    weights += [f"b{n}" for n in script.layers] if penalty.biases and script.has_bias else []
    parts = [f"{penalty.l1!r} * ({' + '.join(f'np.abs({W}).sum()' for W in weights)})"] if penalty.l1 else []
    parts += [f"0.5 * {penalty.l2!r} * ({' + '.join(f'({W}**2).sum()' for W in weights)})"] if penalty.l2 else []
    return "".join(f" + {part}" for part in parts)


def _backward(script: TrainingScript, n: int) -> Iterator[str]:
    """The lines for ∂L/∂z, ∂L/∂W and ∂L/∂b of a layer, and ∂L/∂a of the previous layer."""
    trainer, last = script.trainer, script.layers[-1]
    if n < last:
        W = f"(W{n + 1} - rate * dW{n + 1})" if trainer.sequential else f"W{n + 1}"
        yield f"da{n} = dz{n + 1} @ {W}"
    if n < last or not trainer.output.fused:
        slope = activation_code(script, n, ACTIVATIONS)[1]
        if slope is None:
            yield f"dz{n} = a{n} * (da{n} - (a{n} * da{n}).sum(axis=1, keepdims=True))"
        else:
            yield f"dz{n} = da{n} * {slope.format(z=f'z{n}', a=f'a{n}')}" if slope else f"dz{n} = da{n}"
    penalty = trainer.penalty
    price, price_b = (f" + {script.price_slope(each, 'np.sign')}" * penalty.is_in_loss for each in (f"W{n}", f"b{n}"))
    yield f"dW{n} = dz{n}.T @ {_a(n - 1)}{price}"
    if script.has_bias:
        is_shared = trainer.network.bias is Bias.SHARED
        summed = f"dz{n}.sum(keepdims=True)[0]" if is_shared else f"dz{n}.sum(axis=0)"
        yield f"db{n} = {summed}{price_b * penalty.biases}"


def _a(n: int) -> str:
    return f"a{n}" if n else "X"


def _training(script: TrainingScript) -> Iterator[str]:
    """The loop, and the last line."""
    trainer, start = script.trainer, script.start
    names = [f"W{n}" for n in script.layers] + [f"b{n}" for n in script.layers if script.has_bias]
    yield f"parameters = [{', '.join(names)}]"
    rate = "rate" if len(script.rates) > 1 else repr(script.rates[0])
    extra = f", {rate}" * trainer.sequential
    if script.updates:
        yield from _slots(script, start.slots)
        yield f"for update in range({script.updates}):"
        yield from (f"    {line}" for line in script.rate_lines())
        yield f"    loss, y_hat, gradients = passes(parameters, {script.examples('update')}{extra})"
        yield from (f"    {line}" for line in _clipping(script))
        yield from (f"    {line}" for line in _update(script, rate))
    if trainer.sequential and rate == "rate":
        extra = ", rates[-1]"
    yield f"loss, y_hat, gradients = passes(parameters, {script.examples(str(script.updates))}{extra})"
    yield f"print(f'step {script.step.backward.step}: loss {{loss}}')"
    yield ""
    yield "# The loss, y_hat of the first example, and the norm of the gradient of each W."
    yield f"figures = {script.figures()!r}"
    norms = f"*map(np.linalg.norm, gradients[:{script.layers[-1]}])"
    yield f"np.testing.assert_allclose([loss, *y_hat[0], {norms}], figures, rtol={script.tolerance}, atol=1e-12)"


def _slots(script: TrainingScript, slots: tuple[object, ...]) -> Iterator[str]:
    """The slots of the optimizer at the start."""
    network = script.trainer.network
    layout = network.layout
    for name, slot in zip(script.trainer.optimizer.slot_names, slots, strict=True):
        values = np.asarray(slot)
        if not values.ndim:
            yield f"{SLOTS[name]} = {float(values)!r}"
        elif not values.any():
            yield f"{SLOTS[name]} = [np.zeros_like(p) for p in parameters]"
        else:
            count = len(layout.places) if network.train_bias else len(layout.places) // 2
            arrays = [each for each in layout.views(values, 0, count) if each.size]
            kind = ", np.float32" if script.is_narrow else ""
            yield f"{SLOTS[name]} = ["
            yield from (f"    np.array({array_text(each, '    ')}{kind})," for each in arrays)
            yield "]"


def _clipping(script: TrainingScript) -> Iterator[str]:
    clipping = script.trainer.clipping
    if clipping.value < inf:
        yield f"gradients = [np.clip(g, -{clipping.value!r}, {clipping.value!r}) for g in gradients]"
    if clipping.norm < inf:
        yield "norm = np.sqrt(sum((g * g).sum() for g in gradients))"
        yield f"if norm > {clipping.norm!r}:"
        yield f"    gradients = [g * ({clipping.norm!r} / norm) for g in gradients]"


def _update(script: TrainingScript, rate: str) -> Iterator[str]:
    settings = optimizer_settings(script, "bias_correction")
    values = {name: repr(value) for name, value in settings.items()} | {"p": "parameters[n]", "rate": rate}
    *before, last = UPDATES[script.trainer.optimizer.name]
    if not settings.get("bias_correction", True):
        before[-1] = "m_hat, v_hat = m[n], v[n]"
    if "t" in script.trainer.optimizer.scalar_slots:
        yield "t += 1.0"
    yield "for n, g in enumerate(gradients):"
    yield from (f"    {line}" for line in _decay(script, rate))
    yield from (f"    {line.format(**values)}" for line in before)
    yield f"    parameters[n] = {last.format(**values)}"


def _decay(script: TrainingScript, rate: str) -> Iterator[str]:
    """The lines of a penalty that acts on the gradient of an update, or on the weights."""
    penalty = script.trainer.penalty
    if not penalty.is_in_update:
        return
    slope = script.price_slope("parameters[n]", "np.sign")
    line = (
        f"g = g + {slope}" if penalty.acts_on == "gradient" else f"parameters[n] = parameters[n] - {rate} * ({slope})"
    )
    if penalty.biases or not script.has_bias or not script.trainer.network.train_bias:
        yield line
    else:
        yield f"if n < {script.layers[-1]}:  # a weight"
        yield f"    {line}"


FORMAT = ExportFormat(
    name="numpy",
    title="NumPy script",
    ending=".py",
    contents=Contents.SCRIPT,
    help="a NumPy script that trains to this step and asserts the same figures",
    write_step=lambda step: file_pieces(numpy_lines(step)),
)
