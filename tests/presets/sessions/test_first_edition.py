"""Sessions and shared lines of the first edition still open, to the same numbers."""

from itertools import islice
from pathlib import Path

import msgspec
import pytest

from nn_tui.core.steps.events import BackwardPass
from nn_tui.presets.reopened import opened

FOLDER = Path(__file__).parents[2] / "data" / "first-edition"


class Expected(msgspec.Struct):
    """What the first edition computed when it opened a file and trained on."""

    step: int
    branches: int
    batch_loss: float
    batch_loss_5_steps_later: float


EXPECTED = msgspec.json.decode((FOLDER / "expected.json").read_bytes(), type=dict[str, Expected])


@pytest.mark.parametrize("name", EXPECTED)
def test_it_opens_and_trains_on_as_it_did(name: str) -> None:
    path, expected = FOLDER / name, EXPECTED[name]

    found = opened(path.read_text().strip() if path.suffix == ".line" else str(path))

    timeline = found.timeline
    passes = (each for each in timeline.trainer.events(timeline.state()) if isinstance(each, BackwardPass))
    losses = [each.forward.loss for each in islice(passes, 6)]
    assert timeline.position.step == expected.step
    assert len(timeline.branches) == expected.branches
    assert losses[0] == pytest.approx(expected.batch_loss, rel=1e-12)
    assert losses[5] == pytest.approx(expected.batch_loss_5_steps_later, rel=1e-9)
