"""What was done about a breach, from the history of its record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from records.enums import LinkKind
from records.models import Link, Record

from .models import Breach

SHOWN = 50
ACTIONS = {
    "breach.explained": gettext_lazy("explained it"),
    "breach.excuse_requested": gettext_lazy("asked to have it excused"),
    "breach.excuse_taken_back": gettext_lazy("took the request back"),
    "breach.excuse_deferred": gettext_lazy("asked for more evidence"),
    "breach.excuse_lapsed": gettext_lazy("voided the excuse"),
    "breach.excused": gettext_lazy("excused it"),
    "breach.upheld": gettext_lazy("upheld it"),
    "breach.withdrawn": gettext_lazy("took it back: the target was met"),
    "breach.overdue": gettext_lazy("told the lead that nobody had explained it"),
}


@dataclass(frozen=True)
class Line:
    """One act, with what was said."""

    at: datetime
    who: str
    did: Any
    said: str


def history_of(breach: Breach) -> list[Line]:
    """The latest 50 acts, the newest first; one statement."""
    rows = Entry.objects.filter(
        subject_kind="record", subject_id=breach.record_id, action__in=ACTIONS, data__breach=breach.pk
    )
    return [
        Line(entry.at, str(entry.actor or "Steward"), ACTIONS[entry.action], _said(entry))
        for entry in rows.select_related("actor").order_by("-id")[:SHOWN]
    ]


def _said(entry: Entry) -> str:
    explanation = entry.changed("explanation")
    if entry.action == "breach.explained":
        cause = str(entry.data.get("cause", ""))
        return f"{cause}. {explanation[1]}" if explanation else cause
    if entry.action == "breach.excuse_requested":
        words = {"clause": entry.data.get("clause", ""), "evidence": entry.data.get("evidence", "")}
        return _("%(clause)s. %(evidence)s") % words
    return entry.reason


def improvements_from(record: Record, user: Any) -> list[Record]:
    """What the ticket gave rise to in the register, as far as the person may see it; the latest first."""
    links = Link.objects.filter(to_record=record, kind=LinkKind.RAISED_FROM)
    rows = Record.objects.visible_to(user).filter(kind="improvement", pk__in=links.values("from_record"))
    return list(rows.order_by("-pk")[:SHOWN])
