"""Choosing windows: what holds whatever is known, and what weighs more than what."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changes import ranking
from changes.ranking import Block, Scene, Span, rank

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SUNDAYS = [Span(MONDAY + timedelta(days=6, hours=2), MONDAY + timedelta(days=6, hours=6))]
OFFICE = [Span(MONDAY + day * DAY + 8 * HOUR, MONDAY + day * DAY + 17 * HOUR) for day in range(5)]

minutes = st.integers(0, 7 * 24 * 60)


def moment(value):
    return MONDAY + timedelta(minutes=value)


@st.composite
def spans(draw):
    """Up to four spans in order that do not touch."""
    edges = sorted(draw(st.sets(minutes, max_size=8)))
    return [Span(moment(low), moment(high)) for low, high in zip(edges[::2], edges[1::2], strict=False)]


@st.composite
def scenes(draw):
    blocks = [Block(each.starts_at, each.ends_at, index) for index, each in enumerate(draw(spans()))]
    hours = st.tuples(st.integers(0, 6), st.integers(0, 23))
    return Scene(
        blocks=blocks,
        maintenance=draw(st.none() | spans()),
        business=draw(st.none() | spans()),
        on_shift=draw(st.none() | spans()),
        peaks=draw(st.dictionaries(hours, st.floats(0, 50), max_size=6)),
        zone=ZoneInfo(draw(st.sampled_from(["UTC", "Europe/Oslo", "Asia/Kathmandu", "America/New_York"]))),
    )


lengths = st.integers(5, 600).map(lambda value: timedelta(minutes=value))


@given(scenes(), lengths, minutes)
def test_what_is_proposed_is_free_long_enough_within_the_horizon_and_apart(scene, length, first):
    earliest, latest = moment(first), moment(first) + 3 * DAY

    slots = rank(scene, length=length, earliest=earliest, latest=latest).slots

    assert len(slots) <= 3
    assert [slot.burden for slot in slots] == sorted(slot.burden for slot in slots)
    for slot in slots:
        assert slot.ends_at - slot.starts_at == length
        assert earliest <= slot.starts_at
        assert slot.ends_at <= latest
        assert not any(block.touches(slot.starts_at, slot.ends_at) for block in scene.blocks)
    for one, other in zip(
        sorted(slots, key=lambda each: each.starts_at),
        sorted(slots, key=lambda each: each.starts_at)[1:],
        strict=False,
    ):
        assert one.ends_at <= other.starts_at


@given(scenes(), lengths)
def test_no_window_on_the_grid_is_better_than_the_first(scene, length):
    latest = MONDAY + 3 * DAY
    slots = rank(scene, length=length, earliest=MONDAY, latest=latest).slots
    grid = [MONDAY + index * ranking.GRID for index in range(3 * 48)]
    free = [
        start
        for start in grid
        if start + length <= latest and not any(each.touches(start, start + length) for each in scene.blocks)
    ]

    burdens = [
        ranking._weigh(scene, start, start + length, earliest=MONDAY, latest=latest, haste=1).burden for start in free
    ]

    assert bool(slots) >= bool(free)
    assert all(slots[0].burden <= burden for burden in burdens)


@given(scenes(), lengths, minutes, st.integers(1, 600))
def test_another_thing_in_the_way_never_makes_the_best_window_better(scene, length, begin, lasts):
    latest = MONDAY + 3 * DAY
    before = rank(scene, length=length, earliest=MONDAY, latest=latest).slots
    added = Block(moment(begin), moment(begin) + timedelta(minutes=lasts), "another")
    more = Scene([*scene.blocks, added], scene.maintenance, scene.business, scene.on_shift, scene.peaks, scene.zone)

    # What ends adds a beginning to the grid, so that only windows on the grid of before compare.
    after = [
        each
        for each in rank(more, length=length, earliest=MONDAY, latest=latest, wanted=1_000).slots
        if each.starts_at != added.ends_at
    ]

    assert not before or not after or min(each.burden for each in after) >= before[0].burden


@given(scenes(), lengths)
def test_the_same_question_gets_the_same_answer(scene, length):
    about = {"length": length, "earliest": MONDAY, "latest": MONDAY + 2 * DAY}

    assert rank(scene, **about) == rank(scene, **about)


def test_the_maintenance_window_is_preferred():
    found = rank(Scene(maintenance=SUNDAYS, business=OFFICE), length=HOUR, earliest=MONDAY, latest=MONDAY + 7 * DAY)

    assert found.slots[0].starts_at == SUNDAYS[0].starts_at
    assert [slot.maintenance for slot in found.slots] == [1.0, 0.0, 0.0]


def test_without_maintenance_windows_none_is_missed():
    assert rank(Scene(), length=HOUR, earliest=MONDAY, latest=MONDAY + DAY).slots[0].burden == 0


def test_working_hours_of_the_service_are_kept_out_of():
    found = rank(Scene(business=OFFICE), length=2 * HOUR, earliest=MONDAY + 8 * HOUR, latest=MONDAY + 3 * DAY)

    assert found.slots[0].starts_at == MONDAY + 17 * HOUR
    assert all(slot.business == 0 for slot in found.slots)


def test_the_night_in_which_nobody_works_weighs_less_than_the_users_day():
    scene = Scene(business=OFFICE, on_shift=OFFICE)
    found = rank(scene, length=HOUR, earliest=MONDAY + 9 * HOUR, latest=MONDAY + 2 * DAY)

    assert [(slot.business, slot.on_shift) for slot in found.slots[:1]] == [(0.0, 0.0)]


def test_the_busiest_hour_is_avoided():
    scene = Scene(peaks={(0, 9): 4.0, (0, 10): 1.0})

    found = rank(scene, length=HOUR, earliest=MONDAY + 9 * HOUR, latest=MONDAY + 11 * HOUR, wanted=1)

    assert [(slot.starts_at, slot.incidents) for slot in found.slots] == [(MONDAY + 10 * HOUR, 1.0)]


def test_an_outage_that_breaks_the_promise_weighs_against_a_window_and_counts_in_agreed_hours_only():
    promised = ranking.Allowance("VPN", "March", MONDAY, MONDAY + 31 * DAY, timedelta(minutes=20), OFFICE)
    scene = Scene(outage=timedelta(minutes=30), allowances=[promised])
    about = {"length": HOUR, "earliest": MONDAY + 8 * HOUR}

    inside = rank(scene, latest=MONDAY + 17 * HOUR, **about).slots[0]
    choice = rank(scene, latest=MONDAY + 20 * HOUR, **about).slots[0]

    assert inside.use.left == timedelta(minutes=-10)
    assert (choice.starts_at, choice.use) == (MONDAY + 17 * HOUR, None)


def test_of_two_allowances_the_one_with_less_left_is_told():
    tight, wide = (
        ranking.Allowance(name, "March", MONDAY, MONDAY + 31 * DAY, timedelta(minutes=left), OFFICE)
        for name, left in (("VPN", 45), ("Mail", 400))
    )
    scene = Scene(outage=timedelta(minutes=30), allowances=[wide, tight])

    slot = rank(scene, length=HOUR, earliest=MONDAY + 8 * HOUR, latest=MONDAY + 10 * HOUR).slots[0]

    assert (slot.use.allowance, slot.use.left, slot.burden) == (tight, timedelta(minutes=15), 0)


def test_haste_prefers_soon_to_maintenance():
    about = {"length": HOUR, "earliest": MONDAY, "latest": MONDAY + 7 * DAY}

    calm, hasty = rank(Scene(maintenance=SUNDAYS), **about), rank(Scene(maintenance=SUNDAYS), **about, haste=12)

    assert calm.slots[0].starts_at == SUNDAYS[0].starts_at
    assert hasty.slots[0].starts_at == MONDAY


def test_what_was_passed_over_names_each_thing_in_the_way_once_the_earliest_first():
    freeze, other = Block(MONDAY, MONDAY + 2 * HOUR, "freeze"), Block(MONDAY + 3 * HOUR, MONDAY + 4 * HOUR, "other")

    found = rank(Scene(blocks=[freeze, other]), length=HOUR, earliest=MONDAY, latest=MONDAY + DAY)

    assert [(each.starts_at, each.block.name) for each in found.passed] == [
        (MONDAY, "freeze"),
        (MONDAY + 2.5 * HOUR, "other"),
    ]
    assert found.slots[0].starts_at == MONDAY + 2 * HOUR


def test_where_everything_is_blocked_there_is_nothing():
    always = Block(MONDAY - DAY, MONDAY + 9 * DAY, "freeze")

    found = rank(Scene(blocks=[always]), length=HOUR, earliest=MONDAY, latest=MONDAY + DAY)

    assert found.slots == ()
    assert [each.block for each in found.passed] == [always]


def test_a_horizon_shorter_than_the_window_holds_none():
    assert rank(Scene(), length=2 * HOUR, earliest=MONDAY, latest=MONDAY + HOUR) == ranking.Ranking((), ())


@pytest.mark.parametrize(
    ("begins", "hours", "expected"),
    [
        # 29 March: 02:00 to 03:00 does not exist in Oslo; 01:00 UTC is 03:00 on the clock.
        (datetime(2026, 3, 29, 0, tzinfo=UTC), 2, [(6, 1), (6, 3)]),
        # 25 October: 02:00 to 03:00 comes twice.
        (datetime(2026, 10, 25, 0, tzinfo=UTC), 2, [(6, 2), (6, 2)]),
    ],
)
def test_hours_are_read_off_the_clock_of_the_zone_on_the_days_it_changes(begins, hours, expected):
    peaks = {key: 10.0**index for index, key in enumerate(dict.fromkeys(expected))}
    scene = Scene(peaks=peaks, zone=ZoneInfo("Europe/Oslo"))

    slot = rank(scene, length=hours * HOUR, earliest=begins, latest=begins + hours * HOUR).slots[0]

    assert slot.incidents == pytest.approx(sum(peaks[key] for key in expected) / hours)


def test_moments_without_a_zone_are_refused():
    with pytest.raises(ValueError, match="zone"):
        rank(Scene(), length=HOUR, earliest=MONDAY.replace(tzinfo=None), latest=MONDAY)
    with pytest.raises(ValueError, match="length"):
        rank(Scene(), length=timedelta(0), earliest=MONDAY, latest=MONDAY + DAY)
