"""A script that trains the same network with PyTorch."""

from collections.abc import Iterator
from math import inf
from typing import Any

from ...core.functions.losses import loss_of
from ...core.network.network import Bias
from .export_format import Contents, ExportFormat, StepExport, file_pieces
from .script import TrainingScript, activation_code, array_text, code_of_loss, has_clipping, optimizer_settings

MODULES = {
    "identity": "",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky-relu": "nn.LeakyReLU({number})",
    "elu": "nn.ELU({number})",
    "selu": "nn.SELU()",
    "silu": "nn.SiLU()",
    "gelu": "nn.GELU()",
    "gelu-tanh": 'nn.GELU(approximate="tanh")',
    "softplus": "nn.Softplus()",
    "softmax": "nn.Softmax(dim=1)",
}
VALUES = {
    "sse": "((y_hat - y) ** 2).sum(dim=1)",
    "half-sse": "0.5 * ((y_hat - y) ** 2).sum(dim=1)",
    "mse": "((y_hat - y) ** 2).mean(dim=1)",
    "mae": "(y_hat - y).abs().mean(dim=1)",
    "huber": 'nn.functional.smooth_l1_loss(y_hat, y, reduction="none").mean(dim=1)',
    "hinge": "torch.relu(1 - y * y_hat).sum(dim=1)",
    "bce": "-(torch.xlogy(y, y_hat) + torch.xlogy(1 - y, 1 - y_hat)).sum(dim=1)",
    "bce(n)": "-({number} * torch.xlogy(y, y_hat) + torch.xlogy(1 - y, 1 - y_hat)).sum(dim=1)",
}
"""The losses of examples, of ŷ and y."""
OF_Z = {
    ("bce", "sigmoid"): (
        'nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none").sum(dim=1)',
        "torch.sigmoid(z)",
    ),
    ("bce(n)", "sigmoid"): (
        "nn.functional.binary_cross_entropy_with_logits("
        'z, y, pos_weight=torch.tensor({number}), reduction="none").sum(dim=1)',
        "torch.sigmoid(z)",
    ),
    ("cross-entropy", "softmax"): ("-(y * torch.log_softmax(z, dim=1)).sum(dim=1)", "torch.softmax(z, dim=1)"),
}
"""The losses of examples, of z of the last layer and y, and ŷ of z: exact where ŷ rounds to 0 or 1."""
OPTIMIZERS_CODE = {
    "sgd": "torch.optim.SGD({p}, lr={rate})",
    "momentum": "torch.optim.SGD({p}, lr={rate}, momentum={momentum})",
    "nesterov": "torch.optim.SGD({p}, lr={rate}, momentum={momentum}, nesterov=True)",
    "adagrad": "torch.optim.Adagrad({p}, lr={rate}, eps={epsilon})",
    "adadelta": "torch.optim.Adadelta({p}, lr={rate}, rho={rho}, eps={epsilon})",
    "rmsprop": "torch.optim.RMSprop({p}, lr={rate}, alpha={alpha}, eps={epsilon})",
    "adam": "torch.optim.Adam({p}, lr={rate}, betas=({beta_1}, {beta_2}), eps={epsilon})",
    "adamw": (
        "torch.optim.AdamW({p}, lr={rate}, betas=({beta_1}, {beta_2}), eps={epsilon}, weight_decay={weight_decay})"
    ),
}
SHARED_BIAS = '''
class SharedBias(nn.Module):
    """One bias for all neurons of a layer."""

    def __init__(self):
        super().__init__()
        self.b = nn.Parameter(torch.zeros(1))

    def forward(self, z):
        return z + self.b
'''


def pytorch_lines(step: StepExport) -> Iterator[str]:
    """The lines of the script.

    Raises:
        PresetError: the script cannot express the training, or it has too many numbers.
    """
    script = TrainingScript(step, FORMAT.name)
    script.check()
    if script.trainer.sequential:
        raise script.refuse(
            'expected update = "simultaneous", as PyTorch passes gradients back through the old weights'
        )
    if script.updates and any(slot.any() for slot in script.start.slots):
        raise script.refuse("expected an optimizer that begins at 0; --format numpy begins with its memory")
    body = [*_model(script), *_start(script), *_loss_function(script), *_loop(script)]
    yield from script.head("PyTorch")
    yield from ["import numpy as np"] * any("np." in line for line in [*body, *script.batch_lines("")])
    yield "import torch"
    yield "from torch import nn"
    yield ""
    yield f"torch.set_default_dtype(torch.float{32 if script.is_narrow else 64})"
    data = script.trainer.train
    yield f"X = torch.tensor({array_text(data.X)})" + "  # standardized" * (data.scale is not None)
    yield f"y = torch.tensor({array_text(data.y)})" + "  # standardized" * (data.target_scale is not None)
    if script.counts is not None:
        yield f"counts = torch.tensor({array_text(script.counts)})  # what each example counts"
    yield from [f"rates = {script.rates!r}"] * (len(script.rates) > 1)
    yield from script.batch_lines("torch.tensor({})")
    yield from body


def _model(script: TrainingScript) -> Iterator[str]:
    """The Sequential; the last activation is left out where the loss is of z."""
    network = script.trainer.network
    if network.bias is Bias.SHARED:
        yield from ["", *SHARED_BIAS.splitlines(), ""]
    yield ""
    yield "model = nn.Sequential("
    for n, layer in enumerate(network.layers, 1):
        bias = "" if network.bias is Bias.PER_NEURON else ", bias=False"
        yield f"    nn.Linear({layer.n_in}, {layer.n_out}{bias}),"
        yield from ["    SharedBias(),"] * (network.bias is Bias.SHARED)
        module = activation_code(script, n, MODULES)
        if module and not (n == len(network.layers) and script.trainer.output.fused):
            yield f"    {module},"
    yield f"){'  # without the last activation: its part is in the loss' * bool(script.trainer.output.fused)}"


def _start(script: TrainingScript) -> Iterator[str]:
    """The first parameters."""
    yield "start = ["
    for W, b in zip(script.start.W, script.start.b, strict=True):
        yield from (f"    {array_text(each, '    ')}," for each in ([W, b] if script.has_bias else [W]))
    yield "]"
    yield "with torch.no_grad():"
    yield "    for parameter, numbers in zip(model.parameters(), start, strict=True):"
    yield "        parameter.copy_(torch.tensor(numbers))"


def _loss_function(script: TrainingScript) -> Iterator[str]:
    head, penalty = script.trainer.output, script.trainer.penalty.in_usual_form
    fused = _of_z(script)
    value = fused[0] if fused else code_of_loss(script, VALUES)
    if value is None or loss_of(head.loss.name) is not head.loss:
        raise script.refuse(f"there is no code for the loss {head.loss.name}")
    total, _ = script.mean(value, "y.numel()")
    penalized = "model.parameters()" if penalty.biases else "weights"
    price = f" + {penalty.l1!r} * sum(W.abs().sum() for W in {penalized})" if penalty.l1 else ""
    price += f" + 0.5 * {penalty.l2!r} * sum((W**2).sum() for W in {penalized})" if penalty.l2 else ""
    yield ""
    yield ""
    yield f"def loss_of({'z' if fused else 'y_hat'}, {script.batch_names.removeprefix('X, ')}):"
    yield f"    return {total.replace('len(X)', 'len(y)')}{price * penalty.is_in_loss}"
    yield ""
    yield ""


def _loop(script: TrainingScript) -> Iterator[str]:
    """The training, and the last line."""
    yield "weights = [parameter for parameter in model.parameters() if parameter.dim() == 2]"
    settings = optimizer_settings(script)
    trained = "model.parameters()" if script.trainer.network.train_bias else "weights"
    values = {name: repr(value) for name, value in settings.items()} | {"p": trained, "rate": repr(script.rates[0])}
    inputs, targets = ("inputs", "targets") if script.trainer.batches.per_epoch > 1 else ("X", "y")
    if script.counts is not None:
        targets += ", some_counts" if script.trainer.batches.per_epoch > 1 else ", counts"
    if script.updates:
        yield f"optimizer = {OPTIMIZERS_CODE[script.trainer.optimizer.name].format(**values)}"
        yield f"for update in range({script.updates}):"
        yield from (f"    {line}" for line in _rate(script))
        yield from (f"    {line}" for line in _batch(script, "update"))
        yield "    optimizer.zero_grad()"
        yield f"    loss_of(model({inputs}), {targets}).backward()"
        yield from (f"    {line}" for line in (*_bounds(script, trained), *_decay(script, trained)))
        yield "    optimizer.step()"
    yield from _batch(script, str(script.updates))
    yield "model.zero_grad()"
    fused = _of_z(script)
    yield f"{'z' if fused else 'y_hat'} = model({inputs})"
    yield f"loss = loss_of({'z' if fused else 'y_hat'}, {targets})"
    yield from [f"y_hat = {fused[1]}"] if fused else []
    yield "loss.backward()"
    yield f"print(f'step {script.step.backward.step}: loss {{loss.item()}}')"
    yield ""
    yield "# The loss, y_hat of the first example, and the norm of the gradient of each W."
    yield f"figures = torch.tensor({script.figures()!r})"
    yield "found = torch.stack([loss, *y_hat[0], *(W.grad.norm() for W in weights)])"
    yield f"torch.testing.assert_close(found, figures, rtol={script.tolerance}, atol=1e-12)"


def _rate(script: TrainingScript) -> Iterator[str]:
    for line in script.rate_lines():
        yield line
        yield 'optimizer.param_groups[0]["lr"] = rate'


def _batch(script: TrainingScript, number: str) -> Iterator[str]:
    if script.trainer.batches.per_epoch > 1:
        more = ", some_counts" * (script.counts is not None)
        yield f"inputs, targets{more} = {script.examples(number).removeprefix('*')}"


def _of_z(script: TrainingScript) -> Any:
    """The code of the loss of z, and of ŷ; None if the loss is of ŷ."""
    head = script.trainer.output
    return code_of_loss(script, OF_Z, head.activation.name) if head.fused else None


def _decay(script: TrainingScript, trained: str) -> Iterator[str]:
    """The lines of a penalty that acts on the gradient of an update, or on the weights."""
    penalty = script.trainer.penalty
    if not penalty.is_in_update:
        return
    slope = script.price_slope("parameter", "torch.sign")
    yield "with torch.no_grad():"
    yield f"    for parameter in {trained if penalty.biases else 'weights'}:"
    if penalty.acts_on == "gradient":
        yield f"        parameter.grad += {slope}"
    else:
        yield f'        parameter -= optimizer.param_groups[0]["lr"] * ({slope})'


def _bounds(script: TrainingScript, trained: str) -> Iterator[str]:
    """The lines of clipping, without the small number that PyTorch's own function adds to the norm."""
    if not has_clipping(script):
        return
    clipping = script.trainer.clipping
    yield f"gradients = [parameter.grad for parameter in {trained}]"
    if clipping.value < inf:
        yield "for gradient in gradients:"
        yield f"    gradient.clamp_(-{clipping.value!r}, {clipping.value!r})"
    if clipping.norm < inf:
        yield "norm = sum((gradient**2).sum() for gradient in gradients).sqrt()"
        yield f"if norm > {clipping.norm!r}:"
        yield "    for gradient in gradients:"
        yield f"        gradient.mul_({clipping.norm!r} / norm)"


FORMAT = ExportFormat(
    name="pytorch",
    title="PyTorch script",
    ending=".py",
    contents=Contents.SCRIPT,
    help="the same in PyTorch",
    write_step=lambda step: file_pieces(pytorch_lines(step)),
)
