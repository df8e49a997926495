"""Pages of the SLA dashboard, and the lists its numbers open."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit import log
from common import csvs
from common.refusals import Refused
from measurement import filters
from people.access import can
from people.doors import person_of, requires

from . import attained, listing, subscribing
from .misses import Misses
from .page import Page

ROWS_OF_FILE = 50_000
OPERATION = "sla.view"


@require_safe
@requires(OPERATION)
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """Attainment, what is about to go wrong, trend, and why targets were missed."""
    at = now()
    asked = filters.read(request.GET, request.user, at=at, operation=OPERATION)
    context: dict[str, Any] = {"page": Page(asked, at), "asked": asked}
    if can(request.user, "dashboard.schedule"):
        context["mail_query"] = subscribing.query_of(asked)
        context["subscription"] = subscribing.subscription_of(request.user, context["mail_query"])
    return render(request, "slm/dashboard/dashboard.html", context)


@require_safe
@requires(OPERATION)
def breaches(request: HttpRequest) -> HttpResponseBase:
    """The missed clocks behind a number of the dashboard; `format=csv` gives the file."""
    at = now()
    asked = filters.read(request.GET, request.user, at=at, operation=OPERATION)
    part = listing.Part.read(request.GET)
    misses = Misses(asked.span, asked.scope)
    clocks = part.rows(misses)
    if request.GET.get("format") == "csv":
        log.record(
            "sla.exported", subject_kind="measure", subject_id=0, by=request.user, at=at, data={"query": asked.query()}
        )
        lines = (
            listing.as_line(clock) for clock in listing.with_records(clocks)[:ROWS_OF_FILE].iterator(chunk_size=2000)
        )
        return csvs.answer("missed-targets", listing.HEAD, lines)

    def address(**changes: Any) -> str:
        return f"?{asked.query(**{**part.parameters, **changes})}"

    before = request.GET.get("before", "")
    rows, following = listing.page(clocks, before=before)
    for clock in rows:
        clock.over = listing.over(clock)  # type: ignore[attr-defined]
        clock.breach = next(iter(clock.said), None)  # type: ignore[attr-defined]
    context = {
        "asked": asked,
        "rows": rows,
        "total": part.total(misses, clocks),
        "has_met": part.has_met,
        "chips": [*asked.chips, *part.chips(address)],
        "csv_url": address(format="csv"),
        "older_url": address(before=following) if following else "",
        "newest_url": address() if before else "",
        "has_causes": can(request.user, "breach.view"),
        "dashboard_url": f"{reverse('sla:dashboard')}?{asked.query()}",
    }
    return render(request, "slm/dashboard/breaches.html", context)


@require_safe
@requires(OPERATION)
def agreements(request: HttpRequest) -> HttpResponseBase:
    """Attainment by agreement, counted when asked for: a part of the dashboard, or a page where no script runs."""
    asked = filters.read(request.GET, request.user, at=now(), operation=OPERATION)
    is_short = asked.span.days <= attained.DAYS_BY_AGREEMENT
    rows = attained.by_agreement(asked, may_see=can(request.user, "agreement.view"))
    is_part = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    context = {
        "rows": rows, "is_short": is_short, "days": attained.DAYS_BY_AGREEMENT, "asked": asked,
        "dashboard_url": f"{reverse('sla:dashboard')}?{asked.query()}",
    }  # fmt: skip
    response = render(request, f"slm/dashboard/{'_agreements' if is_part else 'agreements'}.html", context)
    response["Vary"] = "HX-Request"
    return response


@require_POST
@requires("dashboard.schedule")
def subscription(request: HttpRequest) -> HttpResponseBase:
    """Have this view of the dashboard sent to oneself every week, or no more."""
    at, person = now(), person_of(request)
    asked = filters.read(request.GET, person, at=at, operation=OPERATION)
    query = subscribing.query_of(asked)
    try:
        if request.POST.get("stop"):
            subscribing.unsubscribe(by=person, at=at, query=query)
            messages.success(request, _("No more weekly mail about this view."))
        else:
            found = subscribing.subscribe(by=person, at=at, query=query)
            messages.success(
                request, _("You get it by mail on Mondays at %(clock)s, %(zone)s.") % {
                    "clock": found.clock, "zone": found.zone
                }
            )  # fmt: skip
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('sla:dashboard')}?{asked.query()}")
