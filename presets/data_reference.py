"""A data file outside a session, which has its name and checksum if the examples are too many."""

from hashlib import file_digest
from pathlib import Path

from msgspec.structs import replace

from .csv.encoding import STDIN
from .data_budget import DataBudget
from .errors import PresetError, SessionError
from .paths import check_is_no_device, is_name, read_fault
from .schema import Preset

MOST_NUMBERS = 280_000
"""Most numbers of examples that a session contains."""
MOST_BYTES = 5 * 2**20
"""Most bytes of a file that is read to count its numbers; a larger file has too many."""


def refers(preset: Preset) -> bool:
    """Whether a preset names its data file with a checksum."""
    return preset.data.file is not None and preset.data.checksum is not None


def is_too_large(preset: Preset, folder: Path) -> bool:
    """Whether the file of a preset is known to be too large by its size alone."""
    path = folder / (preset.data.file or "")
    try:
        return preset.data.file not in (None, STDIN) and path.is_file() and path.stat().st_size > MOST_BYTES
    except (OSError, ValueError):  # reading it reports what is wrong
        return False


def referring(preset: Preset, folder: Path) -> Preset:
    """The preset with the absolute path of its data file, and its checksum.

    Raises:
        PresetError: the file cannot be read.
    """
    path = (folder / (preset.data.file or "")).absolute()
    return replace(
        preset, data=replace(preset.data, file=str(path), checksum=preset.data.checksum or checksum_of(path))
    )


def checksum_of(path: Path) -> str:
    """The SHA-256 of a file.

    Raises:
        PresetError: it cannot be read.
    """
    try:
        check_is_no_device(path)
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        raise PresetError(str(path), read_fault(error)) from None


def check_checksum(preset: Preset, path: Path, budget: DataBudget) -> None:
    """Check that a data file has the checksum of the preset.

    Raises:
        PresetError: it differs, or cannot be read.
    """
    expected = preset.data.checksum
    if expected is None:
        return
    if path.is_file() and path.stat().st_size > budget.file_bytes:
        what = f"expected at most {budget.file_bytes:,} bytes, got {path.stat().st_size:,}{budget.advice}"
        raise PresetError(str(path), what)
    if checksum_of(path) != expected:
        raise PresetError(str(path), "the file has changed since the training: its checksum differs")


def without_folder(preset: Preset) -> Preset:
    """The preset with the name of its data file but not its folder, as it is saved; others are unchanged."""
    if not refers(preset):
        return preset
    name = Path(preset.data.file or "").name
    if not is_plain(name):
        raise SessionError(name, "expected a data file with a plain name, as its examples are too many to be saved")
    return replace(preset, data=replace(preset.data, file=name))


def is_plain(name: str) -> bool:
    """Whether a text is a file name without a folder."""
    return bool(name) and Path(name).name == name and "\\" not in name and ":" not in name and is_name(Path(name).stem)


def located(preset: Preset, session: Path, file: Path | None) -> Preset:
    """The preset of a session with the path of its data file.

    Args:
        preset: of the session.
        session: the session file; the data file is searched beside it, and then in the current folder.
        file: the path of the data file that the user gave.

    Raises:
        SessionError: it is nowhere, or the examples are in the session.
    """
    if not refers(preset):
        if file is not None:
            raise SessionError(str(session), "expected no data file, as its examples are in it (--data)")
        return preset
    name = preset.data.file or ""
    places = [file] if file else [session.parent / name, Path(name)]
    there = [each for each in places if each.is_file()]
    if not there:
        examples = f"{name}, with the examples of the training"
        if file:
            raise SessionError(str(file), f"is no file (--data): expected {examples}")
        place = "--data (of predict --training-data) names another place"
        what = f"expected the file {examples}, beside it or in this folder; {place}"
        raise SessionError(str(session), what)
    path = next((each for each in there[1:] if checksum_of(each) == preset.data.checksum), there[0])
    return replace(preset, data=replace(preset.data, file=str(path.absolute())))
