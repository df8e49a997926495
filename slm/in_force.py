"""
When agreements were in force, and with which text: also those that have ended, and versions before the present one.

A month is judged by what was promised in it. A later version, or the end of the agreement, changes nothing of that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import JSONObject

from common.months import Month
from common.time import start_of_day

from .enums import BINDING
from .models import Agreement
from .texts import as_said

EVER = datetime(1, 1, 2, tzinfo=UTC)
FOREVER = datetime(9999, 12, 30, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Stretch:
    """
    From when to when one version held, the end not included.

    :param text: the agreement as that version says it, for reading only; without its targets.
    """

    text: Agreement
    at_from: datetime
    at_to: datetime

    def days(self, month: Month) -> set[date]:
        """The days of the month, where the agreement holds, of which it was in force for a part at least."""
        zone = ZoneInfo(self.text.calendar.zone)
        first, last = self.at_from.astimezone(zone).date(), (self.at_to - _INSTANT).astimezone(zone).date()
        return {each for each in days_of(month) if first <= each <= last}


def days_of(month: Month) -> list[date]:
    """Every day of a month."""
    return [month.first + number * ONE_DAY for number in range((month.following.first - month.first).days)]


def with_stretches(rows: "QuerySet[Agreement]") -> "QuerySet[Agreement]":
    """Those that bind, or once were in force, with what `stretches` needs; no further statement."""
    held = Q(versions__in_force_from__isnull=False)
    version = JSONObject(
        number="versions__number", document="versions__document", at_from="versions__in_force_from",
        at_to="versions__in_force_until", agreed_at="versions__agreed_at",
    )  # fmt: skip
    known = rows.annotate(made_at=Min("versions__created_at"), held=JSONBAgg(version, filter=held))
    return known.filter(Q(state__in=BINDING) | Q(held__isnull=False)).select_related("calendar").order_by(F("pk"))


def stretches(agreement: Any) -> list[Stretch]:
    """
    Every time that the agreement was in force, in order, and the time to come of one that is agreed.

    What stood before Steward did is in force from the first day of its text, what was signed since the later of that
    midnight and the second signature. :param agreement: of `with_stretches`.
    """
    found: list[Stretch] = []
    zone, present = ZoneInfo(agreement.calendar.zone), agreement.state in BINDING
    is_kept = False
    for row in sorted(agreement.held or (), key=lambda each: each["number"]):
        is_last = present and row["number"] == agreement.version
        is_kept |= is_last
        text = agreement if is_last else _as_was(agreement, row["document"])
        begin = datetime.fromisoformat(row["at_from"])
        if not found and row["agreed_at"] is None and text.valid_from is not None:
            begin = start_of_day(text.valid_from, zone)
        end = datetime.fromisoformat(row["at_to"]) if row["at_to"] else FOREVER
        found.append(Stretch(text, begin, min(end, _end(text, zone)) if is_last else end))
    if present and not is_kept:
        begin = start_of_day(agreement.valid_from, zone) if agreement.valid_from else agreement.made_at or EVER
        found.append(Stretch(agreement, begin, _end(agreement, zone)))
    return [each for each in found if each.at_from < each.at_to]


def within(agreement: Any, month: Month) -> list[Stretch]:
    """Those that touch a month."""
    return [each for each in stretches(agreement) if each.at_from < month.ended_at and each.at_to > month.began_at]


def days_in(month: Month, held: Iterable[Stretch]) -> int:
    """On how many days of the month something was in force."""
    return len(set().union(*(each.days(month) for each in held)))


def _end(text: Agreement, zone: ZoneInfo) -> datetime:
    return FOREVER if text.end is None else start_of_day(text.end, zone)


def _as_was(agreement: Agreement, document: dict[str, Any]) -> Agreement:
    row = as_said(agreement, document)
    if row.calendar_id == agreement.calendar_id:
        row.calendar = agreement.calendar
    return row
