"""The tags and filters of every page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.html import strip_tags

from common.templatetags import steward


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (timedelta(0), "0:00"),
        (timedelta(hours=5, minutes=46, seconds=59), "5:46"),
        (timedelta(days=1, hours=1), "25:00"),
        (timedelta(minutes=-42), "-0:42"),
        (-1, "0:00"),
        (660.9, "0:11"),
        (None, ""),
    ],
)
def test_durations_read_as_hours_and_minutes(amount: timedelta | float | None, shown: str) -> None:
    assert steward.hours_minutes(amount) == shown


@time_machine.travel(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), tick=False)
def test_a_past_moment_is_relative_for_a_day() -> None:
    now = timezone.now()
    with timezone.override("Europe/Oslo"):
        shown = [
            steward.moment(now - passed).split(">")[1].split("<")[0]
            for passed in (
                timedelta(seconds=59),
                timedelta(minutes=1),
                timedelta(hours=23, minutes=59),
                timedelta(hours=24),
            )
        ]

    assert shown == ["just now", "1 minute ago", "23 hours ago", "24 Oct, 03:30"]


@time_machine.travel(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), tick=False)
def test_a_deadline_names_the_day_and_time_across_the_repeated_hour() -> None:
    with timezone.override("Europe/Oslo"):
        shown = [
            steward.deadline(datetime(2026, 10, day, hour, 0, tzinfo=UTC)).split(">")[1].split("<")[0]
            for day, hour in ((24, 21), (25, 1), (26, 10), (29, 13))
        ]

    assert shown == ["yesterday 23:00", "today 02:00", "tomorrow 11:00", "Thu 29 Oct, 14:00"]


@time_machine.travel(datetime(2026, 10, 24, 0, 30, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        # 02:00 to 03:00 comes twice in Oslo on the 25th.
        (datetime(2026, 10, 25, 0, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "tomorrow 02:00 – 02:30"),
        (
            datetime(2026, 10, 28, 22, 0, tzinfo=UTC),
            datetime(2026, 10, 28, 23, 0, tzinfo=UTC),
            "Wed 28 Oct, 23:00 – Thu 29 Oct, 00:00",
        ),
        (datetime(2026, 10, 28, 22, 0, tzinfo=UTC), None, "Wed 28 Oct, 23:00"),
        (None, None, ""),
    ],
)
def test_a_window_names_the_day_of_its_end_only_where_it_is_another(
    start: datetime | None, end: datetime | None, shown: str
) -> None:
    with timezone.override("Europe/Oslo"):
        assert strip_tags(steward.until(start, end)) == shown


def test_an_exact_moment_names_the_zone() -> None:
    with timezone.override("Asia/Kathmandu"):
        assert steward.exact(datetime(2025, 5, 20, 18, 30, tzinfo=UTC)) == "Wed 21 May 2025, 00:15 Asia/Kathmandu"


def test_no_denominator_is_no_percentage() -> None:
    assert (steward.percent(None), steward.percent(0.942), steward.percent(1)) == ("n/a", "94.2%", "100.0%")


def test_a_sparkline_leaves_gaps_where_nothing_was_measured() -> None:
    assert steward.points([1, 2, None, 2]) == ["0.0,22.0 33.3,2.0", "100.0,2.0"]
    assert steward.points([5, 5]) == ["0.0,12.0 100.0,12.0"]
    assert steward.points([None]) == []


def test_a_breached_clock_says_so_in_words() -> None:
    mark = steward.clock_mark("breached", -2_520)

    assert 'data-clock="breached"' in mark
    assert "-0:42" in mark
    assert '<span class="visually-hidden"> breached</span>' in mark


def test_only_a_running_clock_counts_down() -> None:
    running = steward.clock_mark("at-risk", 660, running=True, next_boundary=datetime(2026, 3, 2, 15, tzinfo=UTC))

    assert 'data-remaining-seconds="660"' in running
    assert 'data-next-boundary="2026-03-02T15:00:00+00:00"' in running
    assert "countdown" not in steward.clock_mark("at-risk", 660)
    assert "countdown" not in steward.clock_mark("paused", 660, running=True)


def test_marks_escape_what_people_type() -> None:
    hostile = '<img src=x onerror="alert(1)">'

    for mark in (
        steward.state_mark(hostile, "open"),
        steward.avatar(hostile),
        steward.clock_mark("on-track", 60, title=hostile),
        steward.icon("search", label=hostile),
    ):
        assert "<img" not in mark


def test_a_component_sees_only_its_inputs_and_its_slot() -> None:
    text = '{% component "panel" title=title %}<b>{{ inner }}</b>{% endcomponent %}'

    page = Template(text).render(Context({"title": "<Clocks>", "inner": "<1>", "flush": True}))

    assert "&lt;Clocks&gt;" in page
    assert "<b>&lt;1&gt;</b>" in page
    assert "panel__body--flush" not in page


def test_direction_follows_the_language() -> None:
    with translation.override("ar"):
        assert steward.text_direction() == "rtl"
    assert steward.text_direction() == "ltr"
