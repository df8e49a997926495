"""Hours as people type and read them."""

import pytest

from calendars.business_time import CalendarSpec, WeeklyWindow
from calendars.spec import Span
from calendars.texts import UnreadableHours, parse_spans, spans_text, week_text


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("", ()),
        ("  ", ()),
        ("08:00-12:00", ((480, 720),)),
        ("08:00-12:00, 12:30-17:00", ((480, 720), (750, 1020))),
        ("8-12; 13-17", ((480, 720), (780, 1020))),
        ("8.30 – 12 and 13 to 24:00", ((510, 720), (780, 1440))),
        ("0800-1200", ((480, 720),)),
        ("22:00-06:00", ((1320, 360),)),
    ],
)
def test_typed_hours_are_read(typed: str, spans: tuple[Span, ...]) -> None:
    assert parse_spans(typed) == spans


@pytest.mark.parametrize(
    "typed", ["closed", "08:00", "08:00-", "08:60-12:00", "8-25", "24:01-24:30", "-1-5", "1" * 300]
)
def test_what_is_no_span_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UnreadableHours, match="08:00-12:00"):
        parse_spans(typed)


def test_written_hours_are_read_back() -> None:
    spans = ((0, 1), (480, 720), (1380, 1440))

    assert spans_text(spans) == "00:00-00:01, 08:00-12:00, 23:00-24:00"
    assert parse_spans(spans_text(spans)) == spans


def test_days_with_the_same_hours_stand_together() -> None:
    weekly = [WeeklyWindow(day, 480, 960) for day in (0, 1, 2, 4)] + [WeeklyWindow(5, 600, 840)]

    assert week_text(CalendarSpec("UTC", tuple(weekly))) == ("Mon–Wed 08:00-16:00, Fri 08:00-16:00, Sat 10:00-14:00")
    assert week_text(CalendarSpec("UTC", always_open=True)) == "Around the clock"
