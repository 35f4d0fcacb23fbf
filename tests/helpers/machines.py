"""A table of machines as an engineer brings it: semicolons, decimal commas, an id, a text column, holes, word labels."""

import csv
import io
import random
from pathlib import Path

MATERIALS = {"steel": 0.0, "brass": 0.8, "nylon": -0.9}
HOLES = 0.01
"""The share of cells that are empty."""
SHAPE = "6-8-3"
OPTIONS = ("--ignore", "id", "--one-hot", "material", "--missing", "mean", "--standardize", "--test", "0.25")
"""What reads it for SHAPE, behind --data."""


def machines(path: Path, rows: int = 2_000, seed: int = 7, holes: float = HOLES) -> Path:
    """Write the table, and return where."""
    text, draw = io.StringIO(), random.Random(seed)
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["id", "material", "Temperatur °C", "pressure", "speed", "state"])
    for n in range(rows):
        cells = _cells(n, draw)
        writer.writerow([cells[0], *("" if draw.random() < holes else cell for cell in cells[1:])])
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def _cells(n: int, draw: random.Random) -> list[str]:
    material = draw.choice(list(MATERIALS))
    temperature, pressure, speed = draw.gauss(60, 12), draw.gauss(3.2, 0.6), draw.gauss(1450, 210)
    load = (temperature - 60) / 12 + 1.3 * (pressure - 3.2) / 0.6 - (speed - 1450) / 210 + MATERIALS[material]
    state = "fault" if load > 1 else "warn" if load > -0.4 else "ok"
    numbers = [f"{temperature:.2f}".replace(".", ","), f"{pressure:.3f}".replace(".", ","), f"{speed:.0f}"]
    return [f"M-{n:04}", material, *numbers, state]
