"""Reading a preset file: TOML to a Preset whose parts fit together."""

import os
from pathlib import Path
from typing import Any

from .csv.encoding import STDIN
from .errors import PresetError
from .paths import check_named_file
from .preset_faults import EITHER, faults
from .schema import Preset
from .toml_reader import convert_tables, parse_toml, read_text


def read_preset(path: Path) -> Preset:
    """The preset in a file.

    Raises:
        PresetError: the file cannot be read, or is no preset.
    """
    check_named_file(path)
    return parse_preset(read_text(path), str(path), path.parent)


def parse_preset(text: str, name: str, folder: Path | None = None) -> Preset:
    """The preset in a text; errors begin with `name`.

    Args:
        text: of a file.
        name: of the file.
        folder: the folder of the files of weights and data that it may name; None if it may name no weights.
    """
    tables = parse_toml(text, name)
    network, data = tables.get("network"), tables.get("data")
    if folder is not None and isinstance(data, dict) and isinstance(data.get("file"), str):
        _check_data_file(folder, data["file"])
    if folder is not None and isinstance(network, dict) and isinstance(network.get("weights"), str):
        return check_preset(_with_weights_of_file(tables, network, name, folder), name)
    if isinstance(network, dict) and isinstance(network.get("weights"), list):
        from .user_arrays.pasted_weights import with_our_layout

        try:
            tables = {**tables, "network": with_our_layout(network)}
        except ValueError as error:
            raise PresetError(name, "network.layout", str(error)) from None
    return check_preset(preset_of_tables(tables, name), name)


def _check_data_file(folder: Path, name: str) -> None:
    """Check a data file that is there; whoever reads it reports one that is missing."""
    if name != STDIN and os.path.exists(folder / name):
        check_named_file(folder / name)


def _with_weights_of_file(tables: dict[str, Any], network: dict[str, Any], name: str, folder: Path) -> Preset:
    """The preset of tables whose network names a file of weights, and perhaps their layout.

    Raises:
        PresetError: the file cannot be read, or its arrays do not fit the network.
    """
    from .user_arrays.weights import LAYOUTS, with_weights

    own = {key: value for key, value in network.items() if key not in ("weights", "layout")}
    if "init" in own:
        raise PresetError(name, "network", EITHER)
    if (layout := network.get("layout")) not in (None, *LAYOUTS):
        raise PresetError(name, "network.layout", f"expected {' or '.join(map(repr, LAYOUTS))}")
    check_named_file(folder / network["weights"])
    preset = preset_of_tables({**tables, "network": {**own, "init": {"scheme": "zeros"}}}, name)
    return with_weights(preset, folder / network["weights"], layout)


def preset_of_tables(tables: dict[str, Any], name: str) -> Preset:
    """The preset that parsed tables say."""
    return convert_tables(tables, Preset, name)


def check_preset(preset: Preset, name: str) -> Preset:
    """The same preset, where its parts fit together."""
    for place, wrong in faults(preset):
        raise PresetError(name, place, wrong)
    return preset
