"""Late styles: an app reads each style sheet once it is needed, and computes each component style when it is asked for.

Textual computes all component styles whenever it styles the app: some eighty, of which the first frame needs a quarter.
"""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, ClassVar

from textual.app import App
from textual.css.styles import RenderStyles
from textual.dom import DOMNode

from .private_parts import CrashMessage


class LateStyles(CrashMessage):
    """An app that computes only the component styles that it was asked for."""

    COMPONENT_CSS_PATH: ClassVar[PurePath]
    """The style sheet of the component styles."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self._asked: set[str] = set()
        super().__init__(*given, **named)

    def _get_component_classes(self) -> frozenset[str]:  # type: ignore[override]  # Textual's is of the class
        """The component classes to style again after a change, such as another theme."""
        return frozenset(self._asked)

    def get_component_styles(self, *names: str) -> RenderStyles:
        """The styles of component classes.

        Raises:
            KeyError: there is no such component class.
        """
        for name in self.COMPONENT_CLASSES.intersection(names) - self._asked:
            read_style_sheets(self, [self.COMPONENT_CSS_PATH])
            self._asked.add(name)
            node = DOMNode(classes=name)
            node._attach(self)
            self.stylesheet.apply(node)
            self._component_styles[name] = node.styles
        return super().get_component_styles(*names)


def read_style_sheets(app: App[Any], paths: Iterable[PurePath]) -> None:
    """Read the style sheets that an app has not read yet; Textual would parse all earlier files again, twice."""
    if new := [path for path in paths if not app.stylesheet.has_source(str(path))]:
        app.stylesheet.read_all(new)
        app.stylesheet.parse()
