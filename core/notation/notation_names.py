"""The names of notations in files, options and the configuration, which need no symbols."""

from typing import Literal, TypeAlias

NotationName: TypeAlias = Literal["superscript", "counted", "nodes", "indexed"]
