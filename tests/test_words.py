"""The words that users read: plain ones, the same for the same thing everywhere."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import click
import pytest

from nn_tui.tui.command_line import COMMANDS, cli, command_named

from .helpers.docs import CHECKOUT

ROOMS = ("core", "presets", "tui", "nn_tui")
PHRASES = """
it runs, and `space` again rests
back by what was gone on by last
over a change, which undoes it
the past is another one now
what is changed is part of it
going on makes it again
tells wrongly
told wrongly
can be gone on with
go to a new file in the present folder
in the place of one
closer, further off
sizes as at first
order what the examples add
names the convention under which
agrees that does not agree by itself
has a defect
which one line tells
as the gradient predicts
in fact
the engine's own
what each adds, the largest first
of it cancels
what is made small
the length of a step
of everything random
how gradients move parameters
has all these words
dim: of step
1 changed ·
keep all
a twin
twin of step
no published figures
in the catalogue
"""
"""Sentences that were on the screen once, and were read twice to be understood."""
WORDS = {
    r"\b(rests|rested|resting)\b": "pause",
    r"\b(goes|gone|going|went|go) on\b": "continue, resume or step",
    r"\b(tells?|told|telling)\b": "say, show or list",
    r"\b(alters?|altered|alter)\b": "edit or change",
    r"\bbroken off\b": "interrupted",
    r"\b(stands?|stood|standing) (where|as|in|at|still)\b": "is",
    r"(?<!than )\bthe one before\b": "the previous one",
    r"(?<!of )\bwhich one\b": "name the thing",
    r"\bpresent (folder|weights|step|parameters)\b": "current",
    r"\b(begins?|began|drawn?|made|make) anew\b": "again",
    r"\btakes? (back|away|part)\b": "undo, remove or name the verb",
    r"\bas at first\b": "initially, or name the default",
    r"\bbe (told|gone|lost) (wrongly|on|of)\b": "misclassified, or name the verb",
    r"\bso as to\b": "to",
    r"\bheld to\b": "name the verb",
    r"\bwhat (is|are|was|were|comes?|goes) .{0,40} where\b": "name the thing",
    r"\bin the place of\b": "instead of",
    r"\bof (one's|ones) own\b": "your own",
    r"\bhow exactly\b": "precision",
}
"""Verbs that nobody uses for these things, and what to say instead."""
HABITS = {
    r"\b(none|empty|nothing) where\b": "if",
    r"\bso many\b(?! as)": "this many",
    r"\ba persons?('s)?\b": "the user",
    r"\bsomebody (brings|gives|looks)\b": "the user",
    r"\bwho (looks? (on|at)|is attached)\b": "the user, or the dashboard",
    r", be it\b": "even if, or possibly",
    r"\bwhat is news\b": "changed",
    r"\bthe one before\b": "the previous",
    r"\bthings? as they are\b|\bagain as they are\b": "name the verb",
    r"\b(goes|going|go|gone) (on|over) (to|from)\b": "continue or switch",
}
"""Habits of translated English in docstrings and comments, and what to say instead."""


def pages() -> Iterator[tuple[str, str]]:
    for path in [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/*.md")]:
        # Code shows names and what the program writes, which have their own tests.
        yield path.name, re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def helps() -> Iterator[tuple[str, str]]:
    yield "nn-tui --help", click.Context(cli, info_name="nn-tui").get_help()
    for command in map(command_named, COMMANDS):
        yield f"nn-tui {command.name} --help", command.get_help(click.Context(command, info_name=str(command.name)))


def library() -> Iterator[tuple[str, str]]:
    for path in sorted((CHECKOUT / "presets").rglob("*.toml")):
        yield path.name, path.read_text(encoding="utf-8")


@cache
def constants() -> list[tuple[str, str, bool]]:
    """Each text in the code with its place, and whether it describes the code."""
    found = []
    for path in (path for room in ROOMS for path in sorted((CHECKOUT / room).rglob("*.py"))):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        docs = {id(each.value) for each in nodes if isinstance(each, ast.Expr)}
        for each in nodes:
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                found.append((f"{path.relative_to(CHECKOUT)}:{each.lineno}", each.value, id(each) in docs))
    return found


def strings() -> Iterator[tuple[str, str]]:
    """The texts in the code with two words or more; not those that describe the code."""
    return ((place, text) for place, text, is_doc in constants() if not is_doc and re.search(r"\w \w", text))


def described() -> Iterator[tuple[str, str]]:
    """The docstrings and the comments in the code."""
    yield from ((place, text) for place, text, is_doc in constants() if is_doc)
    for path in (path for room in ROOMS for path in sorted((CHECKOUT / room).rglob("*.py"))):
        comments = re.findall(r"(?:^|  +)# (.*)", path.read_text(encoding="utf-8"), re.MULTILINE)
        yield str(path.relative_to(CHECKOUT)), "\n".join(comments)


SOURCES = {"pages": pages, "help": helps, "library": library, "code": strings, "described": described}


@cache
def texts(source: str) -> list[tuple[str, str]]:
    """Each place, and what users read there, on one line."""
    return [(place, " ".join(text.split())) for place, text in SOURCES[source]()]


def found(pattern: str, source: str) -> list[str]:
    """Where users read it, with a few words around it."""
    places = []
    for place, flat in texts(source):
        for match in re.finditer(pattern, flat, re.IGNORECASE):
            places.append(f"{place}: …{flat[max(match.start() - 30, 0) : match.end() + 30]}…")
    return places


READ_BY_USERS = ("pages", "help", "library", "code")


@pytest.mark.parametrize("source", READ_BY_USERS)
def test_sentences_that_nobody_understood_are_gone(source: str) -> None:
    places = [place for phrase in PHRASES.strip().splitlines() for place in found(re.escape(phrase), source)]
    assert not places, "say it in plain words:\n" + "\n".join(places)


def test_habits_of_translated_english_are_gone() -> None:
    places = [f"{place}  Say: {plain}." for word, plain in HABITS.items() for place in found(word, "described")]
    assert not places, "say it as a colleague would:\n" + "\n".join(places)


@pytest.mark.parametrize("source", READ_BY_USERS)
def test_plain_verbs_are_used(source: str) -> None:
    places = [f"{place}  Say: {plain}." for word, plain in WORDS.items() for place in found(word, source)]
    assert not places, "use the usual word:\n" + "\n".join(places)


def test_an_old_word_would_be_found() -> None:
    assert found(r"\bgradient descent\b", "pages") and found("Learning rate", "help")
    assert found("exclusive or", "library") and found("expected a number", "code")


@pytest.mark.parametrize("source", ["pages", "help"])
def test_held_out_examples_have_one_name(source: str) -> None:
    places = found(r"\btest (loss|losses|accuracy|examples?|set|data)\b", source)
    assert not places, "say held-out, or held out:\n" + "\n".join(places)
    assert not found(r"^test (loss|accuracy|examples)", "code")
