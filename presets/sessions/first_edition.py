"""The first edition's sessions and shared lines: its gelu was the approximation by tanh, which is gelu-tanh now."""

from dataclasses import replace

from msgspec import structs

from ...core.timeline.dump import Changes, TimelineDump
from ...core.training.changes import Change
from ..schema import NetworkTable, Preset


def preset_of(preset: Preset) -> Preset:
    """A preset of the first edition in today's terms."""
    return structs.replace(preset, network=structs.replace(preset.network, activations=_activations(preset.network)))


def timeline_of(saved: TimelineDump) -> TimelineDump:
    """A timeline of the first edition in today's terms."""
    segments = (replace(each, change=_change(each.change)) if each.change else each for each in saved.segments)
    return replace(saved, segments=tuple(segments))


def changes_of(changes: Changes) -> Changes:
    """Changes of the first edition in today's terms."""
    return tuple((step, _change(change)) for step, change in changes)


def _activations(network: NetworkTable) -> str | list[str]:
    names = network.activations
    return _activation(names) if isinstance(names, str) else [_activation(name) for name in names]


def _activation(name: str) -> str:
    return "gelu-tanh" if name == "gelu" else name


def _change(change: Change) -> Change:
    is_gelu = str(change.what).startswith("activation") and change.value == "gelu"
    return replace(change, value="gelu-tanh") if is_gelu else change
