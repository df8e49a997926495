"""The log of an outage in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from common.templatetags.steward import exact
from services.models import Offering

from .models import Outage

SHOWN = 50
ACTIONS = {
    "outage.proposed": gettext_lazy("proposed from the ticket"),
    "outage.recorded": gettext_lazy("recorded"),
    "outage.ended": gettext_lazy("ended"),
    "outage.corrected": gettext_lazy("corrected"),
    "outage.dismissed": gettext_lazy("dismissed"),
    "outage.withdrawn": gettext_lazy("withdrawn"),
}
MOMENTS = ("started_at", "ended_at")


@dataclass(frozen=True)
class Line:
    """One act. `changes` are (what, before, after)."""

    at: datetime
    who: str
    did: Any
    changes: list[tuple[Any, str, str]]
    reason: str


def history_of(outage: Outage) -> list[Line]:
    """The latest 50 acts on the outage; two statements at most."""
    rows = Entry.objects.filter(subject_kind="outage", subject_id=outage.pk).select_related("actor")
    entries = list(rows.order_by("-id")[:SHOWN])
    offerings = {}
    if any("offering" in each.changes for each in entries):
        offerings = dict(Offering.objects.filter(service=outage.service_id).values_list("pk", "name"))
    return [
        Line(
            at=each.at,
            who=str(each.actor or "Steward"),
            did=ACTIONS.get(each.action, each.action),
            changes=list(_changes(each, offerings)) if each.action != "outage.recorded" else [],
            reason=each.reason,
        )
        for each in entries
    ]


def _changes(entry: Entry, offerings: dict[int, str]) -> Iterable[tuple[Any, str, str]]:
    for name, (before, after) in entry.changes.items():
        label = Outage._meta.get_field(name).verbose_name  # type: ignore[union-attr] # all are columns
        yield label, _word(name, before, offerings), _word(name, after, offerings)


def _word(name: str, value: Any, offerings: dict[int, str]) -> str:
    if value in (None, ""):
        return _("the whole service") if name == "offering" else "–"
    if name in MOMENTS:
        moment = parse_datetime(value)
        return exact(localtime(moment)) if moment else str(value)
    if name == "offering":
        return offerings.get(value, str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "weight":
        return f"{float(value):.0%}"
    return str(value)
