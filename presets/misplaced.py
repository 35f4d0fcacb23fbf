"""Keys of a preset file in the wrong table: where they belong."""

import msgspec

from .schema import DataTable, NetworkTable, Preset, TrainingTable

TABLES = {"network": NetworkTable, "training": TrainingTable, "data": DataTable}
INNER = {
    "momentum": '[training] has optimizer = { name = "momentum", momentum = … }',
    "epochs": "[training] has stop = { epochs = … }",
    "steps": "[training] has stop = { steps = … }",
    **{
        key: f'[training] has optimizer = {{ name = "{name}", {key} = … }}'
        for key, name in {
            "epsilon": "adam",
            "beta_1": "adam",
            "beta_2": "adam",
            "weight_decay": "adamw",
            "alpha": "rmsprop",
            "rho": "adadelta",
        }.items()
    },
    "gamma": '[training] has schedule = { name = "exponential", gamma = … }',
    "every": '[training] has schedule = { name = "step", every = … }',
    "least": '[training] has schedule = { name = "cosine", epochs = …, least = … }',
    "norm": "[training] has clip = { norm = … }",
    "value": "[training] has clip = { value = … }",
    "l1": "[training] has penalty = { l1 = … }",
    "l2": "[training] has penalty = { l2 = … }",
    "scheme": "[network] has init = { scheme = … }",
    "samples": "[data] has dataset = { samples = … }",
    "noise": "[data] has dataset = { noise = … }",
}
"""Keys of the tables within these."""
TOP = ("title", "summary", "source", "notation")
"""Keys before the first table."""
IN_PLACE_OF_INIT = ("weights", "biases")


def home_of(key: str, place: str, kind: type[msgspec.Struct]) -> str | None:
    """Where a preset has a key that the table at a place does not know; None where nowhere."""
    if kind is not Preset:
        return None
    if place == "network.init" and key in IN_PLACE_OF_INIT:
        return f"{key} stands in [network], in place of init"
    if table := next((name for name, each in TABLES.items() if key in each.__struct_fields__), None):
        return f"[{table}] has {key}"
    if key in TOP:
        return f"{key} stands at the top of the file, before the first table"
    return None if "." in place else INNER.get(key)
