"""Control charts give the limits of published worked examples, and signals where the books have them."""

import pytest

from measurement.explorer.spc import Bounds, Point, Rule, chart, signals

# NIST/SEMATECH e-Handbook, 6.3.2.2: flow rates of ten batches.
FLOW_RATES = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# NIST e-Handbook 6.3.3.2, Montgomery example 7.1: nonconforming of 30 samples of 50.
NONCONFORMING = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
]  # fmt: skip
# NIST e-Handbook 6.3.3.1: defects on 25 wafers.
WAFERS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
# Montgomery, dyed cloth: nonconformities of ten rolls, in units of 50 square meters.
CLOTH = [(14, 10), (12, 8), (20, 13), (11, 10), (7, 9.5), (10, 10), (21, 12), (16, 10.5), (19, 12), (23, 12.5)]


def outside(found):
    return [each.last for each in found.signals if each.rule == Rule.OUTSIDE]


def test_individuals_have_the_limits_of_the_handbook():
    found = chart("x", [Point(value) for value in FLOW_RATES])

    limits = found.bounds[0]
    assert (round(limits.center, 2), round(limits.low, 4), round(limits.high, 4)) == (50.81, 45.8159, 55.8041)
    assert outside(found) == []


def test_shares_have_the_limits_of_the_handbook_and_its_two_points_outside():
    found = chart("p", [Point(each / 50, 50) for each in NONCONFORMING], can_widen=False)

    limits = found.bounds[0]
    assert (round(limits.center, 4), round(limits.low, 4), round(limits.high, 4)) == (0.2313, 0.0524, 0.4102)
    assert outside(found) == [14, 22]


def test_counts_have_the_limits_of_the_handbook():
    found = chart("u", [Point(each) for each in WAFERS], can_widen=False)

    limits = found.bounds[0]
    assert (limits.center, limits.low, limits.high) == (16, 4, 28)
    assert outside(found) == [23]


def test_counts_by_size_have_limits_of_their_own_each():
    found = chart("u", [Point(count / size, size) for count, size in CLOTH], can_widen=False)

    assert round(found.bounds[0].center, 2) == 1.42
    # The book reckons with a center rounded to 1.42.
    assert [each.high for each in found.bounds[:3]] == pytest.approx([2.55, 2.69, 2.42], abs=0.01)
    assert [each.low for each in found.bounds[:3]] == pytest.approx([0.29, 0.16, 0.43], abs=0.01)
    assert outside(found) == []


def test_shares_of_very_much_that_scatter_more_than_chance_get_wider_limits():
    points = [Point(0.90 + (0.02 if at % 2 else -0.02), 50_000) for at in range(12)]

    assert len(outside(chart("p", points, can_widen=False))) == 12
    assert chart("p", points).spread > 10
    assert outside(chart("p", points)) == []


@pytest.mark.parametrize("count", [0, 1, 7])
def test_fewer_than_eight_values_have_no_limits(count):
    found = chart("x", [Point(1.0)] * count + [Point(None)] * 3)

    assert (found.has_limits, found.signals) == (False, ())


@pytest.mark.parametrize(("kind", "value"), [("x", 5.0), ("p", 0.0), ("p", 1.0), ("u", 0.0)])
def test_what_never_varies_has_limits_and_no_signal(kind, value):
    found = chart(kind, [Point(value, 10)] * 20)

    assert found.has_limits
    assert found.signals == ()


RULES = {
    "one beyond three sigma": ([0, 0, 3.1, 0], (Rule.OUTSIDE, True, 2, 2)),
    "one just inside": ([0, 0, 2.9, 0], None),
    "two of three beyond two sigma": ([0, -2.1, 0.5, -2.2], (Rule.TWO_OF_THREE, False, 1, 3)),
    "two of three on different sides": ([0, -2.1, 0.5, 2.2], None),
    "four of five beyond one sigma": ([0, 1.1, 1.2, 0.5, 1.1, 1.3], (Rule.FOUR_OF_FIVE, True, 1, 5)),
    "seven on one side": ([-0.2, *([0.5, 0.4] * 3), 0.5, -0.1], None),
    "eight on one side": ([-0.2, *([-0.5, -0.4] * 4), 0.1], (Rule.RUN, False, 0, 8)),
    "five steps up": ([-0.5, -0.3, -0.1, 0.1, 0.3, 0.5, 0.2], (Rule.TREND, True, 0, 5)),
    "four steps up": ([-0.3, -0.1, 0.1, 0.3, 0.5, 0.2], None),
    "a gap ends a run": ([0.5, 0.4, 0.5, 0.4, None, 0.5, 0.4, 0.5, 0.4], None),
}


@pytest.mark.parametrize("name", RULES)
def test_each_rule_of_runs(name):
    values, wanted = RULES[name]
    points = [Point(value) for value in values]

    found = signals(points, [None if value is None else Bounds(0, 1, -3, 3) for value in values])

    assert [(each.rule, each.is_above, each.first, each.last) for each in found] == ([wanted] if wanted else [])
