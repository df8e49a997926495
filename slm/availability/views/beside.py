"""The outage beside a ticket."""

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.access import can
from people.doors import requires
from records.views.base import record_or_404

from .. import sources
from ..models import Outage


@require_safe
@requires("outage.view")
def beside(request: HttpRequest, number: int) -> HttpResponseBase:
    """The outage behind a ticket, or the way to record one."""
    record = record_or_404(request.user, number)
    rows = Outage.objects.visible_to(request.user).live().filter(record=record.pk).select_related("service")
    found = rows.order_by("-started_at").first()
    going_on: Outage | None = None
    if found is None and record.service_id is not None:
        others = Outage.objects.visible_to(request.user).counted().filter(service=record.service_id)
        touching = others.filter(Q(ended_at=None) | Q(ended_at__gt=record.opened_at), started_at__lte=record.opened_at)
        going_on = touching.select_related("service").order_by("-started_at").first()
    context = {
        "record": record,
        "outage": found,
        "going_on": going_on,
        "may_record": can(request.user, "outage.record") and record.kind in sources.kinds(),
    }
    return render(request, "slm/availability/_beside.html", context)
