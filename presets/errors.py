"""The error of a preset: one line that says where, what is wrong and what would be right."""


class PresetError(ValueError):
    """A preset, or a file that it names, cannot be used."""

    def __init__(self, *parts: str) -> None:
        """Join the parts, from the file's name to what would be right."""
        super().__init__(": ".join(part for part in parts if part))
