"""The actions of the app itself, on every screen."""

from typing import Any

from .dashboard.action import Action, Group
from .terminal.signals import HAS_JOB_CONTROL

SHELL = "redraw the screen; suspend the program (fg resumes it)"
QUIT = Action[Any]("quit-at-once", "ctrl+c", "Quit", "quit", Group.PROGRAM, "quit", is_urgent=True)
REDRAW = Action[Any]("redraw", "ctrl+l", "Redraw", SHELL, Group.PROGRAM, "redraw")
SUSPEND = Action[Any](
    "suspend",
    "ctrl+z",
    "Suspend",
    SHELL,
    Group.PROGRAM,
    "suspend_process",
)
PALETTE = Action[Any](
    "command-palette", "ctrl+p", "Palette", "command palette", Group.PROGRAM, "command_palette", is_urgent=True
)
"""Textual has its key already."""
APP_ACTIONS = (QUIT, REDRAW, *((SUSPEND,) if HAS_JOB_CONTROL else ()))
