"""Hours as people type and read them: `08:00-12:00, 12:30-17:00`."""

import re
from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from .spec import MINUTES_PER_DAY, CalendarSpec, Span
from .validation import span_text

SHORT_WEEKDAYS = (
    pgettext_lazy("short weekday", "Mon"),
    pgettext_lazy("short weekday", "Tue"),
    pgettext_lazy("short weekday", "Wed"),
    pgettext_lazy("short weekday", "Thu"),
    pgettext_lazy("short weekday", "Fri"),
    pgettext_lazy("short weekday", "Sat"),
    pgettext_lazy("short weekday", "Sun"),
)
LONGEST_TEXT = 200
_CLOCK = r"(\d{1,2})(?:[:.]?([0-5]\d))?"
_SPAN = re.compile(rf"{_CLOCK}\s*(?:-|–|—|to)\s*{_CLOCK}")


class UnreadableHours(ValueError):
    """A text that names no spans; the message is a sentence for the person who typed it."""


def parse_spans(text: str) -> tuple[Span, ...]:
    """
    Read spans separated by commas, semicolons or `and`; `8-12` and `0800-1200` are understood, nothing is closed.

    Order and overlaps are checked by `problems_of`, not here.

    :raises UnreadableHours: some part is no span of the day.
    """
    parts = [part.strip() for part in re.split(r"[,;]|\band\b", text[: LONGEST_TEXT + 1])]
    if len(text) > LONGEST_TEXT:
        raise UnreadableHours(
            _("This is too long for the hours of a day. Write spans such as 08:00-12:00, 12:30-17:00.")
        )
    return tuple(_parse_span(part) for part in parts if part)


def _parse_span(part: str) -> Span:
    match = _SPAN.fullmatch(part)
    minutes = [] if match is None else [_minute(match[1], match[2]), _minute(match[3], match[4])]
    if not minutes or max(minutes) > MINUTES_PER_DAY:
        message = _("“%(part)s” is no span of hours. Write it as 08:00-12:00, and midnight at the end as 24:00.")
        raise UnreadableHours(message % {"part": part})
    return minutes[0], minutes[1]


def _minute(hours: str, minutes: str | None) -> int:
    return int(hours) * 60 + int(minutes or 0)


def spans_text(spans: Iterable[Span]) -> str:
    """Write spans so that `parse_spans` reads them back; nothing for a closed day."""
    return ", ".join(span_text(span) for span in spans)


def week_text(spec: CalendarSpec) -> str:
    """Sum a week up, days with the same hours together: `Mon-Fri 08:00-16:00, Sat 10:00-14:00`."""
    if spec.always_open:
        return _("Around the clock")
    by_day = [spans_text(spec.spans_on_weekday(day)) for day in range(7)]
    parts = []
    for hours, group in groupby(range(7), key=by_day.__getitem__):
        days = list(group)
        if not hours:
            continue
        first, last = SHORT_WEEKDAYS[days[0]], SHORT_WEEKDAYS[days[-1]]
        parts.append(f"{first}–{last} {hours}" if len(days) > 1 else f"{first} {hours}")
    return ", ".join(parts) or _("Never open")
