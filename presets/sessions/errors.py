"""The error of a session: one line that says where, what is wrong and what would be right."""

from ..errors import PresetError


class SessionError(PresetError):
    """A session or a shared line cannot be read, or a file cannot be written."""
