"""The errors of files: one line that says where, what is wrong and what would be right."""


class PresetError(ValueError):
    """A preset, a file that it names, or the configuration cannot be used."""

    def __init__(self, *parts: str) -> None:
        """Join the parts, from the file's name to what would be right."""
        super().__init__(": ".join(part for part in parts if part))


class SessionError(PresetError):
    """A session or a shared line cannot be read, or a file cannot be written."""
