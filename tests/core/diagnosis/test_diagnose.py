"""The one cause of wrong numbers: found where it is in the catalogue, and never another one in its place."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from nn_tui.core.diagnosis.cause import Cause, Scope, Variant
from nn_tui.core.diagnosis.computation import Computation
from nn_tui.core.diagnosis.diagnose import Certainty, Diagnosis, diagnose
from nn_tui.core.diagnosis.figures import Figures
from nn_tui.core.diagnosis.judgement import FigureState, Judgement, rounded_to
from nn_tui.core.diagnosis.mistyped_input import with_input
from nn_tui.core.diagnosis.update_inputs import Figure, UpdateInputs

from ...helpers.fuzz import FUZZ
from ...helpers.random_updates import all_figures, figures_of, random_setting, same_figures, variants_of

SEEDS = st.integers(0, 10_000)
NETWORKS, CAUSES_EACH = FUZZ // 10, 4


def outcome(
    setting: UpdateInputs, variant: Variant, found: Diagnosis, names: list[Figure], decimals: int | None
) -> str:
    """Whether a diagnosis names the cause, alone or in a tie, is not sure, or names another one."""
    true = figures_of(setting, variant, names, decimals)
    same = [each for each in found.variants if same_figures(figures_of(setting, each, names, decimals), true)]
    if found.certainty is not Certainty.SURE or found.rounding:
        return "unsure"
    if len(found.variants) == len(same) and same:
        return "alone" if len(same) == 1 else "tie"
    if same:
        return "tie with a coincidence"
    return "wrong" if found.variants or found.mistyped else "nothing"


def outcomes(names_of: str, decimals: int | None) -> Counter[str]:
    counted: Counter[str] = Counter()
    for seed in range(NETWORKS):
        setting = random_setting(seed)
        names = [each for each in all_figures(setting) if each.name in NAMES.get(names_of, (each.name,))]
        right = figures_of(setting, None, names, decimals)
        every = list(variants_of(setting))
        for place in np.random.default_rng(seed).choice(len(every), CAUSES_EACH, replace=False):
            _, variant = every[int(place)]
            figures = figures_of(setting, variant, names, decimals)
            if all(np.isfinite(each.values).all() for each in figures.values()) and not same_figures(figures, right):
                counted[outcome(setting, variant, diagnose(setting, figures), names, decimals)] += 1
    return counted


NAMES = {"gradients": ("dW", "db"), "updated": ("W_next", "b_next")}


@pytest.mark.parametrize(
    ("given_arrays", "decimals", "most_unsure"),
    [("all", None, 0.03), ("all", 6, 0.06), ("all", 3, 0.3), ("gradients", 6, 0.1), ("updated", 6, 0.2)],
)
def test_a_cause_is_named_alone_or_in_a_tie_and_never_another_one(
    given_arrays: str, decimals: int | None, most_unsure: float
) -> None:
    counted = outcomes(given_arrays, decimals)
    cases = counted.total()

    assert cases > 2.5 * NETWORKS
    assert counted["wrong"] == 0
    assert counted["unsure"] <= most_unsure * cases
    assert counted["nothing"] + counted["tie with a coincidence"] <= 0.01 * cases
    if given_arrays == "all" and decimals is None:
        assert counted["alone"] >= 0.85 * cases


@example(seed=9658, decimals=6)  # da of 3e9, whose last bit is more than its sixth decimal
@given(SEEDS, st.sampled_from([None, 6, 4, 3]))
def test_right_figures_agree(seed: int, decimals: int | None) -> None:
    setting = random_setting(seed)

    found = diagnose(setting, figures_of(setting, None, all_figures(setting), decimals))

    assert found.first_wrong is None and found.agrees and not found.variants


@given(SEEDS, st.sampled_from([4, 6]))
def test_figures_that_are_rounded_on_the_way_are_never_a_slip(seed: int, decimals: int) -> None:
    setting = random_setting(seed)

    figures = figures_of(setting, None, all_figures(setting), decimals, rounded_to(decimals))
    if not all(np.isfinite(each.values).all() for each in figures.values()):
        return  # ŷ was rounded to 0 or 1
    found = diagnose(setting, figures)

    assert found.agrees and not found.variants and not found.mistyped


@given(SEEDS, st.integers(0, 3), st.floats(0.3, 0.6))
def test_a_fault_that_no_catalogue_has_is_found_where_it_is_and_has_no_name(
    seed: int, place: int, share: float
) -> None:
    setting = random_setting(seed)
    name = ("z", "a", "dz", "dW")[place]
    nameless = Cause(
        name="nameless",
        sentence="nameless",
        at={name: lambda run, layer, base: base() * share + 0.01},
        scope=Scope.OUTPUT,
    )
    variant = Variant(((nameless, frozenset({setting.layers})),))

    found = diagnose(setting, figures_of(setting, variant, all_figures(setting)))

    assume(found.first_wrong)
    assert found.first_wrong and found.first_wrong.figure == Figure(name, setting.layers)
    assert not found.variants and not found.mistyped


@settings(max_examples=FUZZ // 8)
@given(SEEDS, st.sampled_from(["W", "b"]))
def test_a_mistyped_weight_or_bias_is_found(seed: int, letter: str) -> None:
    setting = random_setting(seed)
    index = (0,) * (2 if letter == "W" else 1)
    typed = with_input(setting, Figure(letter, 1), index, 0.25)

    found = diagnose(setting, figures_of(typed, None, all_figures(setting), 6))

    assume(found.first_wrong and found.certainty is Certainty.SURE and not found.variants)
    assert (Figure(letter, 1), 0.25) in {(each.figure, round(each.value, 2)) for each in found.mistyped}


def test_what_follows_from_a_wrong_figure_is_reported_apart_from_it() -> None:
    setting = random_setting(3)
    cause, variant = next(each for each in variants_of(setting) if each[0].name == "derivative left out")

    found = diagnose(setting, figures_of(setting, variant, all_figures(setting)))

    states = {each.figure: each.state for each in found.figures}
    assert found.first_wrong is not None and found.first_wrong.figure.name == "dz"
    assert states[Figure("loss")] is FigureState.AGREES
    assert all(states[each] is FigureState.FOLLOWS for each in states if each.next)


def test_two_causes_are_named_as_a_pair() -> None:
    setting = random_setting(2)
    by_name = {cause.name: variant for cause, variant in reversed(list(variants_of(setting)))}
    pair = by_name["derivative left out"] + by_name["biases not updated"]

    found = diagnose(setting, figures_of(setting, pair, all_figures(setting)))

    assert found.is_explained
    assert {"derivative left out", "biases not updated"} in [
        {cause.name for cause, _ in each.causes} for each in found.variants
    ]


def test_a_cause_that_gives_every_figure_is_preferred_to_one_that_rounding_must_help() -> None:
    name, other, setting = "not updated", "learning rate squared", random_setting(33)
    by_name = {cause.name: variant for cause, variant in reversed(list(variants_of(setting)))}
    figures = figures_of(setting, by_name[name], all_figures(setting), 3)
    states = set(Judgement(setting, figures, by_name[other]).states().values())
    assert FigureState.WRONG not in states and FigureState.CARRIED in states

    found = diagnose(setting, figures)

    assert [each.causes[0][0].name for each in found.variants] == [name]


def test_one_wrong_number_of_few_digits_is_no_verdict() -> None:
    setting = random_setting(1)
    figures: Figures = figures_of(setting, None, [Figure("loss")], 2)
    (theirs,) = figures.values()
    wrong = {Figure("loss"): type(theirs)(theirs.values + 0.03, theirs.half, 2)}

    assert not diagnose(setting, wrong).is_explained


def test_a_factor_of_the_update_is_one_cause_with_the_learning_rate_that_does_the_same() -> None:
    for seed in range(12):
        setting = random_setting(seed)
        names = all_figures(setting)
        twice = next(variant for cause, variant in variants_of(setting) if cause.name == "updated twice")

        found = diagnose(setting, figures_of(setting, twice, names))

        assert [variant.causes[0][0].name for variant in found.variants] == ["updated twice"] and not found.mistyped
        assert found.same_rate and found.same_rate.value == pytest.approx(2 * setting.learning_rate)


def test_a_slip_in_a_given_slope_is_found_there_and_dz_follows() -> None:
    setting = random_setting(8)
    layer = next(n for n in range(1, setting.layers + 1) if setting.activation(n) in ("sigmoid", "tanh"))
    variant = next(
        each
        for cause, each in variants_of(setting)
        if cause.name == "1 − a as the derivative" and layer in each.causes[0][1]
    )
    names = [each for each in setting.figures_to_bring() if each.name in ("a", "slope", "dz", "dW")]

    found = diagnose(setting, figures_of(setting, variant, names))

    assert found.first_wrong is not None and found.first_wrong.figure.name == "slope"
    assert [each.causes[0][0].name for each in found.variants] == ["1 − a as the derivative"]
    assert Figure("dz", layer) in {each.figure for each in found.figures if each.state is FigureState.FOLLOWS}


def test_what_follows_from_a_turned_error_or_a_change_is_reported_apart_from_it() -> None:
    setting = random_setting(3)
    names = [each for each in setting.figures_to_bring() if each.name in ("minus_dz", "dW", "change_W", "change_b")]
    assert diagnose(setting, figures_of(setting, None, names)).agrees
    figures = dict(figures_of(setting, None, names))
    last = Figure("minus_dz", setting.layers)
    figures[last] = replace(figures[last], values=figures[last].values * 1.37)
    given_dz = {Figure("dz", setting.layers): -figures[last].values}
    run = Computation(setting, given=given_dz)
    figures |= {each: replace(figures[each], values=run.get(*each)) for each in names if each != last}

    found = diagnose(setting, figures)

    assert found.first_wrong is not None and found.first_wrong.figure == last and not found.variants
    assert {each.state for each in found.figures if each.figure != last} == {FigureState.FOLLOWS}
