"""The estimator: exact where the arithmetic is, humble where the data are few, right on average where it can be."""

import random

import pytest

from slm.forecasts import estimating
from slm.forecasts.estimating import Curves, tallied

P2 = ("incident", "resolution", 2, 7, 3, 1)


def cells(features=P2, *, met=(), missed=0):
    """Met clocks by twentieths used, and missed ones."""
    found = [(features, step, False, count) for step, count in met]
    return [*found, (features, 19, True, missed)]


def test_of_those_that_came_this_far():
    curves = Curves(tallied(cells(met=[(1, 60), (10, 20), (18, 10)], missed=10)))

    said = [curves.chance(P2, step).chance for step in (0, 2, 11, 19)]

    assert said == [pytest.approx(10 / 100), pytest.approx(10 / 40), None, None]
    assert (curves.chance(P2, 2).alike, curves.chance(P2, 2).missed) == (40, 10)


def test_too_few_alike_give_no_chance_and_say_how_many():
    said = Curves(tallied(cells(met=[(10, 9)], missed=20))).chance(P2, 5)

    assert (said.chance, said.alike, said.missed) == (None, 29, 20)
    assert Curves({}).chance(P2, 0).alike == 0


def test_exactly_thirty_are_enough():
    assert Curves(tallied(cells(met=[(10, 15)], missed=15))).chance(P2, 5).chance == pytest.approx(0.5)


def test_a_fine_group_of_few_is_drawn_toward_the_coarse_one():
    other = ("incident", "resolution", 4, 8, 3, 1)
    curves = Curves(tallied(cells(missed=5) + cells(other, met=[(19, 95)])))

    mine, theirs = curves.chance(P2, 0), curves.chance(other, 0)

    assert theirs.chance < 0.05 < mine.chance < 1
    assert (mine.group, mine.alike) == ("incident|resolution", 100)  # five of its own are too few to name
    assert theirs.group == "incident|resolution|4|8|3|1"


def test_kinds_of_clocks_are_never_mixed():
    curves = Curves(tallied(cells(missed=1_000)))

    assert curves.chance(("incident", "response", 2, 7, 3, 1), 0).chance is None
    assert curves.chance(("problem", "resolution", 2, 7, 3, 1), 0).chance is None


def test_missing_teams_and_services_are_groups_like_others():
    nobody = ("incident", "resolution", 2, None, None, 0)

    assert Curves(tallied(cells(nobody, missed=40))).chance(nobody, 19).group == "incident|resolution|2|||0"


@pytest.mark.parametrize(
    ("share", "step"), [(-1, 0), (0, 0), (0.0499, 0), (0.05, 1), (0.15, 3), (0.999, 19), (1, 19), (1e9, 19)]
)
def test_shares_are_rounded_down_to_twentieths(share, step):
    assert estimating.step_of(share) == step


def test_chances_are_right_on_average_where_the_past_is_like_the_future():
    dice = random.Random(7)

    def clock():
        priority = dice.choice((1, 4))
        used = dice.expovariate(2.0 if priority == 4 else 0.9)
        return ("incident", "resolution", priority, 1, 1, 1), estimating.step_of(used), used > 1, 1

    learned = Curves(tallied(clock() for _each in range(20_000)))
    later = [clock() for _each in range(20_000)]
    result = estimating.trial(
        (said.chance, said.of_kind, missed)
        for features, step, missed, _count in later
        if step >= 10 or missed
        for said in [learned.chance(features, 10)]
    )

    assert result.score < result.score_of_kind
    assert all(abs(said - happened) < 0.05 for count, said, happened in result.deciles if count > 500)


def test_a_trial_of_nothing_has_no_score():
    assert estimating.trial([]) == estimating.Trial(0, None, None, [])


def test_the_score_is_the_mean_of_squares():
    result = estimating.trial([(1.0, 0.5, True), (0.5, 0.5, False), (0.0, 0.5, True)])

    assert result.score == pytest.approx((0 + 0.25 + 1) / 3)
    assert result.score_of_kind == pytest.approx(0.25)
    assert [each[0] for each in result.deciles] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]
