"""Style sheets: parsed once a process, as hundreds of apps read the same ones."""

from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

PARSED: dict[object, list[RuleSet]] = {}


def share_parsed_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each style sheet find what another one with the same variables has parsed from the same text."""
    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, *source: Any, **options: Any) -> list[RuleSet]:
        key = (source, tuple(options.items()), tuple(sheet._variables.items()))
        if key not in PARSED:
            PARSED[key] = parse(sheet, *source, **options)
        return PARSED[key]

    monkeypatch.setattr(Stylesheet, "_parse_rules", parse_once)
