"""What is given back, and that no other thread is harmed by it."""

import weakref
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper, lru_cache
from threading import Event, Thread

import numpy as np
import pytest
import textual
from rich.style import Style
from textual.color import Color
from textual.geometry import Region

from nn_tui.tui.terminal.memory import give_back


def test_another_thread_can_finish_what_it_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    is_begun, is_cleared = Event(), Event()
    made: list[tuple[int, ...]] = []

    def numbers() -> Iterator[int]:
        is_begun.set()
        is_cleared.wait()
        yield from range(50)

    thread = Thread(target=lambda: made.append(tuple(numbers())), daemon=True)

    def finish() -> None:
        is_cleared.set()
        thread.join()

    # An array is no object that the collector of garbage knows: the cache alone keeps it.
    remember = lru_cache(lambda: np.zeros(1))
    remember.__module__ = "textual"
    monkeypatch.setattr(textual, "remember", remember, raising=False)
    weakref.finalize(remember(), finish)
    thread.start()
    is_begun.wait()

    give_back()

    assert not thread.is_alive()
    assert made == [tuple(range(50))]


@pytest.mark.parametrize(
    ("cache", "use"),
    [
        (Color.blend, lambda: Color(0, 0, 0).blend(Color(9, 9, 9), 0.5)),
        (Color.parse, lambda: Color.parse("red")),
        (vars(Color)["rich_color"].fget, lambda: Color(1, 2, 3).rich_color),
        (Region.split, lambda: Region(0, 0, 9, 9).split(3, 3)),
        (Style.normalize, lambda: Style.normalize("bold red")),
    ],
    ids=["a method", "a class method", "a property", "another class", "the other library"],
)
def test_what_the_libraries_remember_is_forgotten(
    cache: "_lru_cache_wrapper[object]", use: Callable[[], object]
) -> None:
    use()
    assert cache.cache_info().currsize

    give_back()

    assert not cache.cache_info().currsize
