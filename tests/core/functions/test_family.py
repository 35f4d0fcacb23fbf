"""Names with a number in brackets: every number in range has one name, and any other text is refused in one line."""

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.functions.activations import ACTIVATIONS, activation_of
from nn_tui.core.functions.activations import FAMILIES as OF_ACTIVATIONS
from nn_tui.core.functions.family import Family
from nn_tui.core.functions.losses import FAMILIES as OF_LOSSES
from nn_tui.core.functions.losses import LOSSES, loss_of

FAMILIES: dict[str, Family[Any]] = {**OF_ACTIVATIONS, **OF_LOSSES}


@given(st.sampled_from(sorted(FAMILIES)), st.floats(min_value=1e-300, max_value=1.0))
def test_a_number_is_kept_to_its_last_bit_by_the_name(family: str, number: float) -> None:
    found = FAMILIES[family].of(repr(number))
    find = activation_of if family in OF_ACTIVATIONS else loss_of

    assert find(found.name) is found and pickle.loads(pickle.dumps(found)) is found
    assert float(found.name.partition("(")[2].rstrip(")") or FAMILIES[family].usual_number) == number


@given(st.text() | st.from_regex(r"(leaky-relu|elu|bce|relu)\(?[-+0-9.einfa ]*\)?", fullmatch=True))
def test_any_other_text_is_refused_in_one_line(text: str) -> None:
    for find, table in ((activation_of, ACTIVATIONS), (loss_of, LOSSES)):
        try:
            found = find(text)
        except ValueError as error:
            assert "\n" not in str(error) and "expected" in str(error)
        else:
            assert found.name.partition("(")[0] in table


@pytest.mark.parametrize("name", FAMILIES)
def test_the_usual_number_needs_no_brackets(name: str) -> None:
    assert FAMILIES[name].usual.name == name
