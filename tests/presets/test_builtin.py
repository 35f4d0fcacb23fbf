"""The presets that come with nn-tui."""

from typing import get_args

import pytest

from nn_tui.core.network.network import Bias
from nn_tui.core.notation.notation import Notation
from nn_tui.core.steps.events import Finished
from nn_tui.core.steps.stop import Stop
from nn_tui.presets import schema
from nn_tui.presets.catalogue import builtin_names, find
from nn_tui.presets.user import builtin_path, title_in_head

from ..helpers.experiments import experiment_of


def test_the_five_systems_and_their_companions_are_there() -> None:
    assert {"2-2-1", "2-2-2-1", "2-3-1", "1-1-1-1", "1-1-1-1-relu", "2-2-2", "3-4-1"} <= set(builtin_names())
    assert {"3-4-1-marks", "xor", "mazur", "han-kamber"} <= set(builtin_names())


@pytest.mark.parametrize("name", builtin_names())
def test_a_preset_says_what_it_is_and_where_it_is_from(name: str) -> None:
    preset = find(name)

    assert preset.name == name
    assert preset.title and preset.summary and preset.source
    assert title_in_head(builtin_path(name)) == preset.title


SOLVED = {"goodfellow-xor"}
"""Presets that begin with a loss of 0."""


@pytest.mark.parametrize("name", sorted(set(builtin_names()) - SOLVED))
def test_a_preset_learns(name: str) -> None:
    of = experiment_of(name)
    evaluate, train = of.trainer.evaluate, of.trainer.train

    *_, end = of.trainer.events(of.start, Stop(steps=100))

    assert isinstance(end, Finished)
    assert evaluate(end.backward.state, train).loss < evaluate(of.start, train).loss


def test_xor_learns_to_tell_all_four_apart() -> None:
    of = experiment_of("xor")

    *_, end = of.trainer.events(of.start, Stop(steps=2000))

    assert isinstance(end, Finished)
    assert of.trainer.evaluate(end.backward.state, of.trainer.train).accuracy == 1.0


def test_marks_train_on_the_first_300_students_and_hold_out_the_others() -> None:
    trainer = experiment_of("3-4-1-marks").trainer

    assert trainer.test
    assert (len(trainer.train), len(trainer.test)) == (300, 95)


def test_the_schema_knows_the_names_that_the_engine_knows() -> None:
    assert set(get_args(schema.BiasName)) == {bias.value for bias in Bias}
    assert set(get_args(schema.NotationName)) == {notation.value for notation in Notation}
