"""The text of a card: the engine fills in its numbers."""

from collections.abc import Mapping

from ...presets.lessons.placeholders import Placeholder, parts_of
from ...presets.lessons.scene import Scene
from ..text.numbers import count, plain, short

UNKNOWN = "?"
"""In the place of a number that there is not."""


def fill(text: str, scene: Scene, scenes: Mapping[str, Scene]) -> str:
    """A text with the numbers of a scene.

    Args:
        text: with placeholders.
        scene: of the card that the text is of.
        scenes: those of other cards, by their ids.
    """
    return "".join(
        part if isinstance(part, str) else _number(part, scenes.get(part.card, scene)) for part in parts_of(text)
    )


def unknown_numbers(text: str, scene: Scene, scenes: Mapping[str, Scene]) -> list[str]:
    """The numbers of a text that there are not, as it names them."""
    parts = [part for part in parts_of(text) if isinstance(part, Placeholder)]
    return [str(part.what) for part in parts if _number(part, scenes.get(part.card, scene)) == UNKNOWN]


def _number(part: Placeholder, scene: Scene) -> str:
    match part.what:
        case "step":
            return count(scene.snapshot.step)
        case "epoch":
            return count(scene.snapshot.state.epoch)
        case "learning_rate":
            return short(scene.trainer.learning_rate(scene.snapshot.state))
        case "branches":
            return count(len(scene.timeline.branches))
        case str(other):
            raise AssertionError(f"{other} is no word of a text")
        case quantity:
            try:
                if part.is_name:
                    return scene.trainer.network.names.labels(scene.notation).text(quantity)
                return plain(scene.value_of(quantity), part.decimals)
            except (IndexError, ValueError):
                return UNKNOWN
