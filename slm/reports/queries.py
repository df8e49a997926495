"""Reads of reports: lists with filters, the rows behind a figure, what happened to one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from audit.models import Entry
from common.numbers import number_in
from records.models import Record

from ..availability.models import Outage
from ..models import Clock
from .enums import FROZEN, MeetingState, Rows, State
from .models import Evidence, ReviewAction, ReviewMeeting, ServiceReport

ROWS = 50
RELATED = ("organization", "plan", "reviewed_by", "issued_by", "predecessor")
SHOWN = {
    "work": (State.COMPILED, State.REVIEWED, State.DISPUTED),
    "issued": (State.ISSUED,),
    "accepted": (State.ACCEPTED,),
    "meeting": FROZEN,
    "all": tuple(State),
}


def shown(user: Any, show: str) -> Any:
    """The reports that a list shows. :param show: a key of `SHOWN`; `meeting`: those whose review is yet to be held."""
    rows = ServiceReport.objects.visible_to(user).filter(state__in=SHOWN[show])
    return rows.filter(meeting__state=MeetingState.PLANNED) if show == "meeting" else rows


def listed(
    user: Any, *, show: str, organization: Any = None, month: date | None = None, before: str = ""
) -> list[ServiceReport]:
    """
    One page of reports, the newest month first, and one more to tell whether there are more.

    :param show: a key of `SHOWN`. :param month: its first day.
    :param before: key of the last report of the page before.
    """
    rows = shown(user, show)
    if organization is not None:
        rows = rows.filter(organization=organization)
    if month is not None:
        rows = rows.filter(first_day=month)
    return _page(rows, before)


def listed_for_customer(user: Any, *, before: str = "") -> list[ServiceReport]:
    """The same in the portal."""
    return _page(ServiceReport.objects.open_to_customer(user), before)


def _page(rows: Any, before: str) -> list[ServiceReport]:
    last = ServiceReport.objects.filter(pk=number_in(before) or 0).only("first_day").first() if before else None
    if last is not None:
        behind = Q(first_day=last.first_day, pk__lt=last.pk) | Q(first_day__lt=last.first_day)
        rows = rows.filter(Q(first_day__lte=last.first_day) & behind)
    found = rows.select_related("organization").defer("document", "summary").order_by("-first_day", "-pk")
    return list(found[: ROWS + 1])


@dataclass(frozen=True)
class RowsBehind:
    """
    What a figure was counted from, as far as it still exists and the reader may see it.

    :param rows: one page of them: records, clocks or outages. :param total: how many the figure counts.
    """

    evidence: Evidence
    rows: list[Any]
    total: int
    older_after: int | None


def rows_behind(evidence: Evidence, user: Any, *, after: int = 0, limit: int = ROWS) -> RowsBehind:
    """One page by key: rows whose key comes behind `after`. Two statements."""
    source: Any
    if evidence.kind == Rows.CLOCK:
        # Whoever may see the ticket may see whether its target was met, customers too.
        source = Clock.objects.filter(record__in=Record.objects.visible_to(user)).select_related("record", "agreement")
    elif evidence.kind == Rows.OUTAGE:
        source = Outage.objects.visible_to(user).select_related("service")
    else:
        source = Record.objects.visible_to(user)
    found = list(source.filter(pk__in=evidence.ids, pk__gt=after).order_by("pk")[: limit + 1])
    more = found[limit - 1].pk if len(found) > limit else None
    return RowsBehind(evidence, found[:limit], len(evidence.ids), more)


def history_of(report: ServiceReport) -> Any:
    """The latest 50 acts on the report, the newest first."""
    rows = Entry.objects.filter(subject_kind="report", subject_id=report.pk).select_related("actor")
    return rows.order_by("-id")[:50]


def actions_of(found: ReviewMeeting, user: Any, *, at: datetime) -> list[ReviewAction]:
    """Its actions, each with `shown_record`, where the person may see what stands in the register, and `is_late`."""
    actions = list(found.actions.select_related("owner", "done_by", "record"))
    keys = [each.record_id for each in actions if each.record_id]
    seen = set(Record.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    for each in actions:
        each.shown_record = each.record if each.record_id in seen else None  # type: ignore[attr-defined]
        each.is_late = not each.is_done and each.due_date < at.date()  # type: ignore[attr-defined]
    return actions
