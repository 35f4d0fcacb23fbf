"""The packages: what a packager finds in the source distribution, and a user in the wheel that is built from it."""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
BUILD = "import sys; from setuptools import build_meta; build_meta.build_{kind}(sys.argv[1])"
LEFTOVERS = (".venv/bin/x.py", "build/lib/x.py", "dist/x.whl", "tests/__pycache__/x.pyc", "docs/x.pyc", ".git/config")
"""What lies about in a checkout that somebody has worked in."""


def built(kind: str, source: Path, folder: Path) -> Path:
    """A package, built from a folder without a network."""
    pytest.importorskip("setuptools", minversion="77")
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", BUILD.format(kind=kind), folder], cwd=source, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.iterdir())


def copied(folder: Path) -> Path:
    """The checkout, with what lies about in one."""
    hidden = shutil.ignore_patterns(
        ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info", "build", "dist", "*.so", "*.pyd"
    )
    shutil.copytree(CHECKOUT, folder, ignore=hidden)
    for name in LEFTOVERS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("left", encoding="utf-8")
    return folder


def unpacked(sdist: Path, folder: Path) -> Path:
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.iterdir())


def files(folder: Path, *parts: str) -> set[str]:
    """The files of some parts of a folder."""
    found = [path for part in parts for path in (folder / part).rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix() for path in found} - set(LEFTOVERS)


def assert_needs_no_checkout(metadata: Message) -> None:
    """See that the long description shows and links to nothing that lies in the checkout only."""
    description = str(metadata.get_payload())
    assert description.startswith("# nn-tui\n") and "## Licence" in description
    assert "CHANGELOG.md" in description
    assert not re.findall(r"!?\[[^\]]*\]\((?!https://)[^)]*\)", description)


def test_the_source_distribution_is_whole_and_the_wheel_from_it_too(tmp_path: Path) -> None:
    checkout = copied(tmp_path / "checkout")

    source = unpacked(built("sdist", checkout, tmp_path / "sdist"), tmp_path / "source")

    parts = ("core", "docs", "nn_tui", "presets", "tests", "tui", ".ci")
    assert files(source, *parts) == files(checkout, *parts)
    assert {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md", "pyproject.toml"} <= set(
        files(source, ".")
    )
    assert not set(LEFTOVERS) & files(source, ".")
    assert (source / ".ci" / "run").stat().st_mode == (CHECKOUT / ".ci" / "run").stat().st_mode
    assert not [path for path in source.rglob("*") if path.is_file() and str(tmp_path).encode() in path.read_bytes()]

    with zipfile.ZipFile(built("wheel", source, tmp_path / "wheel")) as wheel:
        names = set(wheel.namelist())
        info = next(name.partition("/")[0] for name in names if ".dist-info/" in name)
        metadata = message_from_bytes(wheel.read(f"{info}/METADATA"))
    modules = files(checkout, "core", "presets", "tui") - {"core/engine/kernel.c"}
    assert {f"nn_tui/{name}" for name in modules} <= names
    assert {name.partition("/")[0] for name in names} == {"nn_tui", info}
    assert {name for name in names if name.endswith("py.typed")} == {"nn_tui/py.typed"}
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/presets/library/data/README.md"} <= names
    is_compiled = shutil.which("cc") or sys.platform == "win32"
    assert not is_compiled or any("/_kernel." in name for name in names)
    assert metadata["License-Expression"] == "MIT AND CC-BY-4.0"
    kept = set(metadata.get_all("Classifier", []))
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in range(11, 15)} <= kept
    assert "Operating System :: Microsoft :: Windows" in kept
    assert_needs_no_checkout(metadata)
