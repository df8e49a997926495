"""The ticket page: the page of a record, with clocks, a resolution, and what solved such tickets before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import Access
from people.doors import requires
from records.rendering import render as render_text
from records.views.base import act_and_return
from records.views.page import RecordPage
from slm.queries import clocks_of

from .. import operations
from ..enums import HoldReason, State
from ..forms import FIELDS
from ..models import Incident
from ..queries import is_logged_again
from ..similar import similar_to


class TicketPage(RecordPage):
    """The ticket for those who work on it; requesters are led to their copy."""

    kind = "incident"
    fields = FIELDS
    facts = (
        "service", "item", "category", "tags", "affected_count", "symptom", "location", "supplier_reference",
        "cause_code", "source", "outage_from", "outage_to", "is_security_related",
    )  # fmt: skip
    tools = "slm/_clocks_pane.html"
    side = (*RecordPage.side[:2], "incidents/_resolution.html", *RecordPage.side[2:])
    is_taken_by_key = True

    def more(self, request: HttpRequest, record: Incident, *, access: Access, at: datetime) -> Mapping[str, Any]:
        return {
            "clocks": clocks_of(record, request.user, at=at),
            "resolution": render_text(record.resolution_text),
            "reason_label": HoldReason(record.state_reason).label if record.state_reason in HoldReason.values else "",
            "again_url": _again(record, access, at),
        }

    def value_of(self, record: Incident, name: str) -> Any:
        value = super().value_of(record, name)
        return date_format(localtime(value), "j M Y, H:i") if isinstance(value, datetime) else value


def _again(record: Incident, access: Access, at: datetime) -> str:
    """Where the same is logged anew: as one that follows this, or, after a cancelled one, as another ticket."""
    if record.state in (State.RESOLVED, State.CLOSED):
        may = access.allows_on("incident.reopen", record) and is_logged_again(record, at=at)
        return reverse("incidents:recurrence", args=[record.reference]) if may else ""
    if record.closed_at is None:
        return ""
    said = {"caller": record.requester_id, "text": record.title, "service": record.service_id or ""}
    return f"{reverse('incidents:new')}?{urlencode(said)}"


@requires("incident.assign")
@require_POST
def taking(request: HttpRequest, number: int) -> HttpResponse:
    """I take it: assigned to me and started, with one key."""
    record = TicketPage.worked_on(request.user, number)
    return act_and_return(
        request,
        record,
        lambda: operations.take(incident=record, by=request.user, at=now()),
        said=_("%(reference)s is yours.") % {"reference": record.reference},
    )


@requires("record.read_notes")
@require_safe
def similar(request: HttpRequest, number: int) -> HttpResponse:
    """Tickets that read alike and were resolved: how they were."""
    record = TicketPage.worked_on(request.user, number)
    found = similar_to(request.user, title=record.title, service_id=record.service_id, without=record.pk, is_open=False)
    return render(request, "incidents/_similar.html", {"record": record, "similar": found})
