"""The schema of preset files; the keys of functions come from the tables of core."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from ..core.functions.initializers import INITIALIZERS
from ..core.functions.optimizers import OPTIMIZERS
from ..core.functions.output_head import REDUCTIONS
from ..core.functions.penalty import ACTS_ON, FORMS
from ..core.notation.notation_names import NotationName as NotationName
from .rule_tables import OPTIMIZER_TABLES, SCHEDULE_TABLES, Named

if TYPE_CHECKING:
    ReductionName: TypeAlias = str
    PenaltyForm: TypeAlias = str
    PenaltyPlace: TypeAlias = str
    OptimizerName: TypeAlias = str
    SchemeName: TypeAlias = str
    OptimizerTable: TypeAlias = Named
    ScheduleTable: TypeAlias = Named
else:
    ReductionName = Literal[REDUCTIONS]
    PenaltyForm = Literal[FORMS]
    PenaltyPlace = Literal[ACTS_ON]
    OptimizerName = Literal[tuple(OPTIMIZERS)]
    SchemeName = Literal[tuple(INITIALIZERS)]
    OptimizerTable = reduce(or_, OPTIMIZER_TABLES.values())
    ScheduleTable = reduce(or_, SCHEDULE_TABLES.values())


ActivationName: TypeAlias = Annotated[str, Meta(max_length=80)]
"""As relu, or with a number as leaky-relu(0.2); the checks of a preset know which there are."""
LossName: TypeAlias = Annotated[str, Meta(max_length=80)]
"""As mse, or with a number as bce(3)."""
Positive: TypeAlias = Annotated[float, Meta(gt=0)]
Count: TypeAlias = Annotated[int, Meta(ge=1)]
Whole: TypeAlias = Annotated[int, Meta(ge=0)]
Matrix: TypeAlias = Annotated[list[list[float]], Meta(max_length=200_000)]

Weights: TypeAlias = Annotated[list[Annotated[float, Meta(ge=0)]], Meta(min_length=1, max_length=200_000)]

BiasName: TypeAlias = Literal["per-neuron", "shared", "none"]


class Init(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the initial weights are drawn; initial biases are 0."""

    scheme: SchemeName
    seed: Whole | None = None
    """Without one, the training's seed."""
    scale: Annotated[float, Meta(gt=0, le=1e30)] = 1.0


class NetworkTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The network and its first parameters."""

    layers: Annotated[list[Count], Meta(min_length=2, max_length=1000)]
    """Neurons of each layer, the inputs first."""
    activations: ActivationName | list[ActivationName] = "sigmoid"
    """One for each layer after the inputs, or one for all."""
    bias: BiasName = "per-neuron"
    train_bias: bool = True
    weights: Annotated[list[Matrix], Meta(max_length=1000)] | None = None
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
    patience: Count | None = None
    """Stop this many epochs after the one with the lowest loss."""
    watch: Literal["train", "test"] | None = None
    """The loss that patience watches; by default that of the held-out examples, if there are any."""


class PenaltyTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A price for large weights: l1 Σ|w| + ½ l2 Σ w², or another form of it."""

    l1: Annotated[float, Meta(ge=0)] = 0.0
    l2: Annotated[float, Meta(ge=0)] = 0.0
    form: PenaltyForm = "lambda/2"
    biases: bool = False
    acts_on: PenaltyPlace = "loss"


class ClipTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds for the gradients of an update."""

    norm: Positive | None = None
    value: Positive | None = None


class TrainingTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the network learns."""

    loss: LossName
    reduction: ReductionName = "mean"
    class_weights: Weights | None = None
    """What an example of each class counts; of a single output, of class 0 and of class 1."""
    optimizer: OptimizerName | OptimizerTable = "sgd"
    learning_rate: Positive
    """The learning rate, before the schedule."""
    schedule: ScheduleTable = SCHEDULE_TABLES["constant"]()
    penalty: PenaltyTable = PenaltyTable()
    clip: ClipTable = ClipTable()
    batch_size: Annotated[Literal["all"] | Count, Meta(description='a whole number from 1 up, or "all"')] = "all"
    shuffle: bool = False
    update: Literal["simultaneous", "sequential"] = "simultaneous"
    seed: Whole = 0
    dtype: Literal["float64", "float32"] = "float64"
    """The precision of all numbers."""
    stop: StopTable = StopTable()


DatasetName: TypeAlias = Literal[
    "and", "or", "xor", "circles", "moons", "spiral", "gaussians", "checkerboard", "sine", "plane"
]


class DatasetTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Generated examples."""

    name: DatasetName
    samples: Annotated[int, Meta(ge=1, le=1_000_000)] = 200
    noise: Annotated[float, Meta(ge=0, le=1e6)] = 0.0
    """The standard deviation of what is added to each input (to the target for sine and plane)."""
    seed: Whole | None = None
    """Without one, the training's seed."""


EncodingName: TypeAlias = Literal[
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "iso-8859-2", "iso-8859-5", "iso-8859-7",
    "iso-8859-9", "iso-8859-15", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp437", "cp850", "cp852", "cp866",
    "koi8-r", "mac-roman", "shift-jis", "euc-jp", "gb18030", "big5", "euc-kr",
]  # fmt: skip


class DataTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The examples: inputs and targets, or a generated data set, or a CSV file."""

    inputs: Matrix | None = None
    targets: Matrix | None = None
    weights: Weights | None = None
    """What each example counts, one number for each row of the inputs."""
    classes: list[str] | None = None
    """What each output means, where the targets are one-hot; the two of a single output."""
    input_names: list[str] | None = None
    """What each input is."""
    target_names: list[str] | None = None
    """What each target is, where there is one for each output."""
    dataset: DatasetTable | None = None
    file: str | None = None
    """A CSV file beside the preset, packed where its name ends in .gz; "-" is the standard input."""
    checksum: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")] | None = None
    """The SHA-256 of that file; any other file is an error."""
    header: bool | None = None
    """Whether the file's first row names its columns; without it, that is decided by what is in the file."""
    target: str | int | list[str | int] | None = None
    """The file's columns to predict, by name or by position from 1; without them, its last one."""
    features: list[str | int] | None = None
    """The file's columns to predict from; without them, all others."""
    ignore: list[str | int] | None = None
    """The file's columns to leave out."""
    one_hot: list[str | int] | None = None
    """The file's columns of texts: an input that is 0 or 1 for each value; such an input is named column=value."""
    missing: Literal["drop", "mean"] | None = None
    """The treatment of a missing value: drop its row, or use the mean; by default it is an error."""
    encoding: EncodingName | None = None
    """Of the file; without it, that is decided by what is in the file."""
    origin: Annotated[str, Meta(max_length=10_000)] | None = None
    """How the file of these examples was read."""
    standardize: bool = False
    """Shift and scale each feature to mean 0 and standard deviation 1 over the examples to train on."""
    standardize_target: bool = False
    """The same for each target, of a loss of numbers."""
    rows: Annotated[list[Count], Meta(max_length=200_000)] | None = None
    """The row of each example in its file, where some were left out."""
    train_rows: Count | None = None
    """The number of examples to train on, from the first; all others are held out."""
    test: Annotated[float, Meta(gt=0, lt=1)] | None = None
    """The share of the examples, drawn by the seed, to test on."""


Word: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z\u0370-\u03ff∂]{1,4}$")]
"""A letter, or a few, without markup and control characters."""


class LettersTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The letters of the source, if they differ from the usual ones."""

    loss: Word | None = None
    target: Word | None = None
    weight: Word | None = None
    derivative: Word | None = None
    error: Word | None = None
    """∂L/∂z, as δ."""
    gradient_of_a: Word | None = None
    """∂L/∂a."""
    activation: Word | None = None
    """The activation function, as f in a = f(z)."""
    bias_neurons: bool = False
    """Biases are weights from neurons that always give 1."""


class Published(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure that the source prints."""

    step: Annotated[int, Meta(ge=0, le=100_000)]
    quantity: str
    value: float
    decimals: Annotated[int, Meta(ge=0, le=17)]
    note: str = ""
    """Why the source prints a wrong number, if known."""


class Preset(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A network, its training and its data."""

    name: str
    title: str = ""
    summary: str = ""
    source: str = ""
    notation: NotationName = "superscript"
    """How weights and neurons are named where a number is explained."""
    letters: LettersTable | None = None
    """The letters of the source, if they differ from the usual ones."""
    network: NetworkTable
    training: TrainingTable
    data: DataTable
    published: list[Published] = []
