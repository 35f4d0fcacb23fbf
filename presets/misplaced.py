"""Keys of a preset file in the wrong table: where they belong."""

import msgspec
from msgspec import structs

from .function_tables import OPTIMIZER_TABLES, SCHEDULE_TABLES
from .schema import DataTable, NetworkTable, Preset, TrainingTable

TABLES = {"network": NetworkTable, "training": TrainingTable, "data": DataTable}
FUNCTIONS = {"optimizer": OPTIMIZER_TABLES, "schedule": SCHEDULE_TABLES}


def _setting(key: str) -> str:
    """A table of a function with this key, the one that needs the fewest others."""
    written = [
        (len(others), f'[training] has {place} = {{ name = "{name}", {", ".join([*others, f"{key} = …"])} }}')
        for place, tables in FUNCTIONS.items()
        for name, table in tables.items()
        if key in table.__struct_fields__
        for others in [[f"{each.name} = …" for each in structs.fields(table) if each.required and each.name != key]]
    ]
    return min(written, key=lambda each: each[0])[1]


INNER = {
    key: _setting(key) for tables in FUNCTIONS.values() for table in tables.values() for key in table.__struct_fields__
} | {
    "epsilon": '[training] has optimizer = { name = "adam", epsilon = … }',
    "epochs": "[training] has stop = { epochs = … }",
    "steps": "[training] has stop = { steps = … }",
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
