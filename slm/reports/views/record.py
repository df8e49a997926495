"""How an agreement was kept, to read and to print for the meeting with the other side."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common import months
from common.months import Month, month_of
from common.texts import one_line
from common.time import now
from people.doors import requires
from people.models import Organization

from ...models import Agreement
from ...reading import lines
from ...views.agreements import RELATED
from ..forms import customers_of
from ..record import months_of


@require_safe
@requires("report.view")
def of_agreement(request: HttpRequest, slug: str) -> HttpResponseBase:
    """
    Twelve months of one agreement: its terms, what was kept of them, and what both sides said.

    One with everybody is told for one customer at a time, who is chosen first.
    """
    rows = Agreement.objects.visible_to(request.user).with_customers().select_related(*RELATED)
    found = get_object_or_404(rows.prefetch_related("targets__calendar"), slug=slug)
    customers = customers_of(request.user, "report.view").exclude(report_plan=None)
    own = found.organization or getattr(found.requester, "organization", None)
    customer = customers.filter(pk=own.pk).first() if own else _asked(request, customers)
    present = month_of(now(), ZoneInfo(found.calendar.zone))
    first = months.read(request.GET.get("until", ""))
    until = Month(min(first or present.before.first, present.first), present.zone)
    kept = months_of(found.pk, customer=customer, until=until, viewer=request.user) if customer else []
    context: dict[str, Any] = {
        "agreement": found,
        "lines": lines(found),
        "signatures": found.signatures.filter(number=found.version),
        "kept": kept,
        "spoken": [each for each in kept if each.has_words],
        "customer": customer,
        "customers": [] if own else customers.order_by("name"),
        "first": until.moved(-11),
        "until": until,
        "printed_at": now(),
    }
    return render(request, "slm/reports/of_agreement.html", context)


def _asked(request: HttpRequest, customers: Any) -> Organization | None:
    found: Organization | None = customers.filter(slug=one_line(request.GET.get("customer", ""))).first()
    return found
