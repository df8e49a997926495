"""Pages of the SLA dashboard, and the lists its numbers open."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit import log
from common import csvs
from measurement import filters
from people.access import can
from people.doors import requires

from . import attained, listing
from .misses import Misses
from .page import Page

ROWS_OF_FILE = 50_000
OPERATION = "sla.view"
DAYS_BY_AGREEMENT = 92


@require_safe
@requires(OPERATION)
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """Attainment, what is about to go wrong, trend, and why targets were missed."""
    at = now()
    asked = filters.read(request.GET, request.user, at=at, operation=OPERATION)
    return render(request, "slm/dashboard/dashboard.html", {"page": Page(asked, at), "asked": asked})


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
    misses = Misses(asked.span, asked.scope)
    is_short = asked.span.days <= DAYS_BY_AGREEMENT
    may_see = can(request.user, "agreement.view")
    rows = [_of_agreement(each, asked, may_see) for each in misses.by_agreement()] if is_short else []
    is_part = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    context = {
        "rows": rows, "is_short": is_short, "days": DAYS_BY_AGREEMENT, "asked": asked,
        "dashboard_url": f"{reverse('sla:dashboard')}?{asked.query()}",
    }  # fmt: skip
    response = render(request, f"slm/dashboard/{'_agreements' if is_part else 'agreements'}.html", context)
    response["Vary"] = "HX-Request"
    return response


def _of_agreement(found: dict[str, Any], asked: filters.Asked, may_see: bool) -> attained.Row:
    """Its finished clocks stand in the list of misses with those that met: measures know no agreements."""
    slug = found["agreement__slug"]
    query = asked.query(agreement=slug or filters.NONE)
    row = attained.row(
        found["agreement__name"] or _("no agreement"),
        found["counts"],
        query,
        url=reverse("slm:agreement", args=[slug]) if slug and may_see else "",
        promised=found["agreement__attainment_target"],
    )
    return replace(row, finished_url=f"{reverse('sla:breaches')}?{query}&met=1")
