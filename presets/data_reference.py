"""A data file that stays outside: a session names it by its name and its checksum, where its examples are too many."""

from hashlib import file_digest
from pathlib import Path

from msgspec.structs import replace

from .csv.encoding import STDIN
from .data_budget import DataBudget
from .errors import PresetError, SessionError
from .paths import check_is_no_device, is_name, read_fault
from .schema import Preset

MOST_NUMBERS = 280_000
"""Of examples that a session has in it."""
MOST_BYTES = 5 * 2**20
"""Of a file that is read to see how many numbers it has; a larger one has more."""


def refers(preset: Preset) -> bool:
    """Whether the examples of a preset stay in a file that is named by its checksum."""
    return preset.data.file is not None and preset.data.checksum is not None


def is_too_large(preset: Preset, folder: Path) -> bool:
    """Whether the file of a preset is known to be too large by its size alone."""
    path = folder / (preset.data.file or "")
    try:
        return preset.data.file not in (None, STDIN) and path.is_file() and path.stat().st_size > MOST_BYTES
    except (OSError, ValueError):  # reading it says what is wrong
        return False


def referring(preset: Preset, folder: Path) -> Preset:
    """The preset with the whole path of its file, and the checksum of that.

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
    """Refuse another file than the one that is meant.

    Raises:
        PresetError: it is another, or cannot be read.
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
    """The preset with the name of its file alone, as it is passed on; any other stays as it is."""
    if not refers(preset):
        return preset
    name = Path(preset.data.file or "").name
    if not is_plain(name):
        raise SessionError(name, "expected a data file with a plain name, as its examples are too many to be saved")
    return replace(preset, data=replace(preset.data, file=name))


def is_plain(name: str) -> bool:
    """Whether a text names a file of a folder, and no other folder."""
    return bool(name) and Path(name).name == name and "\\" not in name and ":" not in name and is_name(Path(name).stem)


def located(preset: Preset, session: Path, file: Path | None) -> Preset:
    """The preset of a session with the path of its data file.

    Args:
        preset: of the session.
        session: its file: the data file is looked for beside it, and then in the current folder.
        file: where the data file is said to be.

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
