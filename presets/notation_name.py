"""The names of notations, as files and options say them; known before the functions of the schema are loaded."""

from typing import Literal, TypeAlias

NotationName: TypeAlias = Literal["superscript", "counted", "nodes", "indexed"]
