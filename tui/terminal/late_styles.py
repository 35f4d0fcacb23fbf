"""Late styles: an app computes each of its component styles when it is first asked for.

Textual computes all of them whenever it styles the app: some eighty, of which the first frame needs a quarter.
"""

from typing import Any

from textual.css.styles import RenderStyles
from textual.dom import DOMNode

from .private_parts import CrashMessage


class LateStyles(CrashMessage):
    """An app that computes only the component styles that it was asked for."""

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
            self._asked.add(name)
            node = DOMNode(classes=name)
            node._attach(self)
            self.stylesheet.apply(node)
            self._component_styles[name] = node.styles
        return super().get_component_styles(*names)
