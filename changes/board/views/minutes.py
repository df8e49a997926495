"""The minutes as a page to read and to print; before the meeting, its agenda on paper."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.enums import Choice
from changes.enums import Band
from changes.enums import Outcome as ChangeOutcome
from common.refusals import Refused
from common.time import now
from people.access import can
from people.doors import person_of, requires
from records.models import Record

from .. import minutes
from ..enums import Attendance, ItemKind, Outcome
from ..models import Meeting
from ..queries.meeting import named_in, told_why, unseen
from ..queries.people import may_conduct
from ..quorum import Condition

DAYS = ("deferred_to", "due_date")
MOMENTS = ("starts_at", "began_at", "planned_from", "planned_to", "decided_at", "at")
LABELS: dict[str, Any] = {
    "kind": ItemKind,
    "outcome": Outcome,
    "attendance": Attendance,
    "choice": Choice,
    "result": ChangeOutcome,
    "risk_band": Band,
}


@requires("cab.view")
@require_safe
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The minutes as they stand now, or as they were closed."""
    rows = Meeting.objects.visible_to(request.user).select_related("board", "chair", "secretary", "closed_by")
    found = rows.filter(key=key).first()
    if found is None:
        raise Http404
    return minutes_page(request, found)


def minutes_page(
    request: HttpRequest, found: Meeting, *, refused: Refused | None = None, status: int | None = None, **left: Any
) -> HttpResponse:
    """:param left: what was typed when an act was refused."""
    person, at = person_of(request), now()
    document = readable(minutes.document_of(found))
    named = {each["change"] for each in [*document["items"], *document["schedule"]] if each["change"] is not None}
    named |= named_in(each["why"] for each in document["attendance"])
    # A change that is gone is told as it was; one that the reader may not see is not told.
    hidden = {key for key in unseen(named, person) if Record.objects.filter(pk=key).exists()}
    for each in document["attendance"]:
        each["why"] = told_why(each["why"], hidden)
    context = {
        "meeting": found,
        "document": document,
        "hidden": hidden,
        "is_genuine": minutes.is_genuine(found) if found.is_minuted else True,
        "corrections": found.corrections.select_related("by") if found.is_minuted else (),
        "actions": [
            each
            for each in found.actions.select_related("owner", "done_by", "item__change")
            if each.item is None or each.item.change_id not in hidden
        ]
        if found.is_minuted
        else [],
        "conducts": may_conduct(found, person, at=at),
        "may_correct": found.is_minuted and (can(person, "cab.plan") or may_conduct(found, person, at=at)),
        "plans": can(person, "cab.plan"),
        "refusals": refused.refusals if refused else (),
        "now": at,
        **left,
    }
    return render(request, "changes/board/minutes.html", context, status=status)


def readable(document: dict[str, Any]) -> dict[str, Any]:
    """The plain values of a document as a template wants them: moments, days, labels in the reader's language."""
    return {
        name: [Condition.from_document(each) for each in value] if name == "quorum" else _readable(name, value)
        for name, value in document.items()
    }


def _readable(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_readable("", each) for each in value]
    if isinstance(value, dict):
        found = {key: _readable(key, each) for key, each in value.items()}
        return found | {f"{key}_label": _label(key, each) for key, each in value.items() if key in LABELS}
    if name in MOMENTS:
        return datetime.fromisoformat(value) if value else None
    if name in DAYS:
        return date.fromisoformat(value) if value else None
    return value


def _label(name: str, value: str) -> Any:
    return LABELS[name](value).label if value in LABELS[name].values else value
