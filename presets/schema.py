"""What a preset file may say."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

Positive: TypeAlias = Annotated[float, Meta(gt=0)]
Count: TypeAlias = Annotated[int, Meta(ge=1)]
Whole: TypeAlias = Annotated[int, Meta(ge=0)]
Matrix: TypeAlias = list[list[float]]

ActivationName: TypeAlias = Literal["sigmoid", "relu", "tanh", "identity"]
LossName: TypeAlias = Literal["bce", "sse", "half-sse", "mse"]
OptimizerName: TypeAlias = Literal["sgd"]
BiasName: TypeAlias = Literal["per-neuron", "shared", "none"]
SchemeName: TypeAlias = Literal["zeros", "normal", "uniform", "xavier", "he"]


class Init(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the first weights are drawn; biases then begin at 0."""

    scheme: SchemeName
    seed: Whole | None = None
    """Without one, the training's seed."""
    scale: Positive = 1.0


class NetworkTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The network and its first parameters."""

    layers: Annotated[list[Count], Meta(min_length=2)]
    """Neurons of each layer, the inputs first."""
    activations: ActivationName | list[ActivationName] = "sigmoid"
    """One for each layer after the inputs, or one for all."""
    bias: BiasName = "per-neuron"
    train_bias: bool = True
    weights: list[Matrix] | None = None
    """W[layer][to][from]."""
    biases: Matrix | None = None
    """One list for each layer: a number a neuron, or a single one where the bias is shared."""
    init: Init | None = None
    """Instead of weights."""


class StopTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where training ends by itself: at the first of these."""

    steps: Whole | None = None
    epochs: Whole | None = None
    loss: Positive | None = None


class TrainingTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the network learns."""

    loss: LossName
    reduction: Literal["mean", "sum"] = "mean"
    optimizer: OptimizerName = "sgd"
    learning_rate: Positive
    batch_size: Literal["all"] | Count = "all"
    shuffle: bool = False
    update: Literal["simultaneous", "sequential"] = "simultaneous"
    seed: Whole = 0
    stop: StopTable = StopTable()


class DataTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The examples: either inputs and targets, or a CSV file."""

    inputs: Matrix | None = None
    targets: Matrix | None = None
    file: str | None = None
    """A CSV file with a header, beside the preset."""
    target: str | list[str] | None = None
    """The file's columns to predict; without them, its last ones, as many as the network has outputs."""
    features: list[str] | None = None
    """The file's columns to predict from; without them, all others."""
    standardize: bool = False
    """Shift and scale each feature to mean 0 and standard deviation 1 over the examples to train on."""
    train_rows: Count | None = None
    """The first so many examples are to train on, the rest to test on."""
    test: Annotated[float, Meta(gt=0, lt=1)] | None = None
    """The share of the examples, drawn by the seed, to test on."""


class Published(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure that the source prints."""

    step: Whole
    quantity: str
    value: float
    decimals: Whole


class Preset(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A network, its training and its data."""

    name: str
    title: str = ""
    summary: str = ""
    source: str = ""
    network: NetworkTable
    training: TrainingTable
    data: DataTable
    published: list[Published] = []
