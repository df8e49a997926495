"""The arithmetic of availability: the formulas and examples of the domain reference A4, exact."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slm.availability.arithmetic import (
    Down,
    Figures,
    at_least,
    at_least_equal,
    by_requests,
    figures,
    from_means,
    parallel,
    reliability,
    serial,
    user_weighted,
)
from slm.availability.spans import HOUR, cut, length, merged, minus, worst

MINUTE = HOUR // 60
DAY = 24 * HOUR
AROUND_THE_CLOCK_30_DAYS = 720 * HOUR
TEN_BY_FIVE_22_DAYS = 220 * HOUR


@pytest.mark.parametrize(
    ("target", "around_the_clock", "office"),
    [
        # domain reference A4: what a target leaves, around the clock over 30 days, and 10 x 5 over 22 days
        ("0.990", F(7 * 60 + 12), F(2 * 60 + 12)),
        ("0.995", F(3 * 60 + 36), F(66)),
        ("0.999", F("43.2"), F("13.2")),
        ("0.9995", F("21.6"), F("6.6")),
        ("0.9999", F("4.32"), F("1.32")),
    ],
)
def test_the_error_budget_is_that_of_the_table(target, around_the_clock, office):
    month, office_month = Figures(agreed=AROUND_THE_CLOCK_30_DAYS), Figures(agreed=TEN_BY_FIVE_22_DAYS)

    assert month.budget(F(target)) == around_the_clock * MINUTE
    assert office_month.budget(F(target)) == office * MINUTE


def test_availability_is_agreed_time_minus_downtime_by_agreed_time():
    found = figures([(0, 720 * HOUR)], [Down(10 * HOUR, 13 * HOUR + 36 * MINUTE)], 0, 720 * HOUR)

    assert found.availability == F("0.995")


def test_the_means_are_those_of_the_formulas():
    downs = [Down(0, HOUR), Down(100 * HOUR, 104 * HOUR), Down(300 * HOUR, 301 * HOUR)]

    found = figures([(0, 720 * HOUR)], downs, 0, 720 * HOUR)

    assert found.mtrs == 2 * HOUR
    assert found.mtbf == 238 * HOUR
    assert found.mtbsi == 240 * HOUR == found.mtbf + found.mtrs
    assert from_means(found.mtbf, found.mtrs) == found.availability == F(714, 720)


def test_without_a_failure_there_are_no_means():
    found = figures([(0, DAY)], [], 0, DAY)

    assert (found.mtrs, found.mtbf, found.mtbsi, found.availability) == (None, None, None, 1)


def test_without_agreed_time_there_is_no_availability():
    found = figures([], [Down(0, HOUR)], 0, DAY)

    assert (found.availability, found.lost, found.failures, found.burn_rate(F("0.99"))) == (None, 0, 0, None)


def test_overlapping_outages_are_merged():
    found = figures([(0, DAY)], [Down(0, 2 * HOUR), Down(HOUR, 3 * HOUR), Down(3 * HOUR, 4 * HOUR)], 0, DAY)

    assert (found.lost, found.failures) == (4 * HOUR, 1)


def test_a_degraded_service_counts_by_its_weight():
    found = figures([(0, DAY)], [Down(0, 2 * HOUR, F("0.5"))], 0, DAY)

    assert (found.lost, found.failed) == (HOUR, 2 * HOUR)


def test_of_overlapping_weights_the_heaviest_counts():
    half, whole = Down(0, 4 * HOUR, F("0.5")), Down(HOUR, 2 * HOUR, F(1))

    assert figures([(0, DAY)], [half, whole], 0, DAY).lost == HOUR + 3 * HOUR / 2
    assert figures([(0, DAY)], [half, half], 0, DAY).lost == 2 * HOUR


def test_a_weight_of_nothing_takes_nothing_and_is_no_failure():
    found = figures([(0, DAY)], [Down(0, 2 * HOUR, F(0), users=50)], 0, DAY)

    assert found == Figures(agreed=DAY)


def test_planned_downtime_that_counts_is_no_failure():
    found = figures([(0, DAY)], [Down(0, 2 * HOUR, is_planned=True), Down(HOUR, 3 * HOUR)], 0, DAY)

    assert (found.lost, found.failed, found.failures) == (3 * HOUR, 2 * HOUR, 1)


def test_downtime_outside_agreed_time_costs_nothing():
    office = [(8 * HOUR, 18 * HOUR)]

    assert figures(office, [Down(0, 8 * HOUR), Down(18 * HOUR, DAY)], 0, DAY) == Figures(agreed=10 * HOUR)
    assert figures(office, [Down(7 * HOUR, 9 * HOUR)], 0, DAY).lost == HOUR


def test_a_failure_over_the_edge_counts_where_it_first_met_agreed_time():
    down = [Down(DAY - HOUR, DAY + 2 * HOUR)]
    agreed = [(0, 2 * DAY)]

    first, second = figures(agreed, down, 0, DAY), figures(agreed, down, DAY, 2 * DAY)

    assert (first.failures, second.failures) == (1, 0)
    assert (first.lost, second.lost) == (HOUR, 2 * HOUR)
    assert first + second == figures(agreed, down, 0, 2 * DAY)


def test_a_failure_at_night_counts_on_the_day_whose_hours_it_reaches():
    agreed = [(8 * HOUR, 18 * HOUR), (DAY + 8 * HOUR, DAY + 18 * HOUR)]
    down = [Down(20 * HOUR, DAY + 9 * HOUR)]

    assert figures(agreed, down, 0, DAY).failures == 0
    assert figures(agreed, down, DAY, 2 * DAY).failures == 1


def test_the_burn_rate_of_one_uses_the_budget_up_exactly():
    found = figures([(0, 1000 * MINUTE)], [Down(0, MINUTE)], 0, 1000 * MINUTE)

    assert found.burn_rate(F("0.999")) == 1
    assert found.burn_rate(F("0.9995")) == 2
    assert found.burn_rate(F(1)) is None


def test_chains():
    assert serial([F("0.99"), F("0.98")]) == F("0.9702")
    assert serial([]) == 1
    assert parallel([F("0.99"), F("0.98")]) == F("0.9998")
    assert serial([F("0.999"), parallel([F("0.9")] * 2)]) == F("0.98901")


def test_some_of_several():
    assert at_least(2, [F("0.9")] * 3) == at_least_equal(2, 3, F("0.9")) == F("0.972")
    assert at_least(1, [F("0.99"), F("0.98")]) == parallel([F("0.99"), F("0.98")])
    assert at_least(2, [F("0.99"), F("0.98")]) == serial([F("0.99"), F("0.98")])
    with pytest.raises(ValueError, match="3 of 2"):
        at_least(3, [F(1), F(1)])


def test_weighted_by_users():
    # 20 of 100 people without the service for 3 of 30 hours
    assert user_weighted(F(20 * 3 * HOUR), 100, 30 * HOUR) == F("0.98")
    assert user_weighted(F(0), 0, HOUR) is None


def test_by_requests():
    assert by_requests(9_990, 10_000) == F("0.999")
    assert by_requests(0, 0) is None


def test_reliability_over_a_time_as_long_as_the_mean():
    assert reliability(100 * HOUR, F(100 * HOUR)) == pytest.approx(0.36788, abs=1e-5)


def test_spans_are_cut_taken_away_and_merged():
    assert merged([(5, 7), (1, 3), (3, 4), (6, 6)]) == [(1, 4), (5, 7)]
    assert cut([(1, 4), (5, 7)], 3, 6) == [(3, 4), (5, 6)]
    assert minus([(0, 10), (20, 30)], [(3, 5), (9, 22), (30, 40)]) == [(0, 3), (5, 9), (22, 30)]
    assert worst([(0, 4, F(1, 2)), (2, 6, F(1)), (6, 7, F(1)), (9, 9, F(1))]) == [(0, 2, F(1, 2)), (2, 7, F(1))]


MINUTES = st.integers(0, 60)
SPANS = st.lists(st.tuples(MINUTES, MINUTES).map(lambda pair: (min(pair), max(pair))), max_size=6)
DOWNS = st.lists(
    st.builds(
        lambda span, weight, planned: Down(*span, F(weight, 4), planned),
        st.tuples(MINUTES, MINUTES).map(lambda pair: (min(pair), max(pair))),
        st.integers(0, 4),
        st.booleans(),
    ),
    max_size=6,
)


@given(SPANS, DOWNS, st.integers(0, 60))
def test_every_minute_walked_one_by_one_gives_the_same(spans, downs, edge):
    """The judge walks the minutes; and two parts of a span add up to the whole."""
    agreed = merged(spans)
    minutes = [each for each in range(61) if any(start <= each < end for start, end in agreed)]
    heaviest = {
        each: max((down.weight for down in downs if down.at_from <= each < down.at_to), default=F(0))
        for each in minutes
    }

    whole = figures(agreed, downs, 0, 61)

    assert whole.agreed == len(minutes) == length(agreed)
    assert whole.lost == sum(heaviest.values())
    assert whole.failed == sum(any(d.is_failure and d.at_from <= each < d.at_to for d in downs) for each in minutes)
    parts = figures(agreed, downs, 0, edge) + figures(agreed, downs, edge, 61)
    assert (parts.agreed, parts.lost, parts.failed) == (whole.agreed, whole.lost, whole.failed)
