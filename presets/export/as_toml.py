"""TOML: the preset with the current settings of a training, and the weights of a step."""

from ..build import as_trained, at_state
from ..data_reference import without_folder
from ..errors import PresetError
from ..toml_reader import MOST_BYTES
from ..toml_writer import toml_text
from .export_format import Contents, ExportFormat, StepExport


def preset_file(step: StepExport) -> bytes:
    """The file of a preset that begins at this step.

    Raises:
        PresetError: it would be too large to open again, or the preset's data file cannot be used.
    """
    preset = at_state(as_trained(step.preset, step.folder, step.trainer), step.folder, step.backward.state)
    text = toml_text(without_folder(preset)).encode()
    if len(text) > MOST_BYTES:
        raise PresetError(preset.name, f"too large to open again as toml: expected at most {MOST_BYTES:,} bytes")
    return text


FORMAT = ExportFormat(
    name="toml",
    title="TOML",
    ending=".toml",
    contents=Contents.PRESET,
    help="the preset with the weights of the step, without the state of the optimizer",
    write_step=lambda step: [preset_file(step)],
)
