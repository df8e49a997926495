"""Pages of the ledger: what was told, what was told in its place, and the rows behind it."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import Refused
from common.time import now
from people.access import can
from people.doors import person_of, requires

from .. import known
from ..declarations import KPI
from ..drill import Drill
from ..scope import scope_of
from . import closing, reading
from .counting import Counter

OPERATION = closing.OPERATION


def _kpi(name: str) -> KPI:
    try:
        return known.kpi(name)
    except KeyError:
        raise Http404 from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@requires("kpi.view")
def restated(request: HttpRequest) -> HttpResponseBase:
    """The latest figures that were told in the place of others, of all measures."""
    scope = scope_of(request.user, data=request.GET.get("data", ""))
    rows = reading.restated(scope)
    earlier, kpis = reading.before(rows), {each.id: each for each in known.kpis()}
    found = [
        {
            "kpi": kpis[row.kpi],
            "row": row,
            "told": reading.one_text(kpis[row.kpi], row),
            "before": reading.one_text(kpis[row.kpi], earlier[row.pk]) if row.pk in earlier else "",
            "why": reading.why(row),
            "url": reverse("kpi_ledger:period", args=[row.kpi, row.grain, row.first_day]),
        }
        for row in rows
        if row.kpi in kpis
    ]
    context = {
        "rows": found,
        "closed_to": closing.closed_to(scope.is_sample),
        "scope": scope,
        "can_set_up": can(request.user, "kpi.set_up"),
    }
    return render(request, "measurement/ledger/restated.html", context)


@require_safe
@requires("kpi.view")
def ledger(request: HttpRequest, name: str) -> HttpResponseBase:
    """Every figure that was told of a measure, the latest period first."""
    kpi = _kpi(name)
    grain = request.GET.get("grain", "day")
    grain = grain if grain in reading.GRAINS else "day"
    before = _day(request.GET.get("before", ""))
    scope = scope_of(request.user, data=request.GET.get("data", ""))
    periods = reading.periods_of(kpi, grain, scope, before=before)
    context = {
        "kpi": kpi,
        "grain": grain,
        "grains": [(each.value, each.label, each == grain) for each in reading.GRAINS],
        "periods": periods,
        "older": periods[-1].first_day if len(periods) == reading.PERIODS else None,
        "is_sample": scope.is_sample,
        "is_later": before is not None,
    }
    return render(request, "measurement/ledger/ledger.html", context)


@require_safe
@requires("kpi.view")
def period(request: HttpRequest, name: str, grain: str, first_day: str) -> HttpResponseBase:
    """What was told of one period: every figure, who, when and why, and the rows that it counts now."""
    return _period(request, name, grain, first_day)


def _period(
    request: HttpRequest, name: str, grain: str, first_day: str, *, refused: str = "", reason: str = "",
    status: int = 200,
) -> HttpResponseBase:  # fmt: skip
    kpi, day = _kpi(name), _day(first_day)
    data = request.GET.get("data", "")
    scope = scope_of(request.user, data=data)
    told = reading.one(kpi, grain, day, scope) if day and grain in reading.GRAINS else None
    if told is None and scope.has_sample and not data:
        scope = scope_of(request.user, data="real" if scope.is_sample else "sample")
        told = reading.one(kpi, grain, day, scope) if day and grain in reading.GRAINS else None
    if told is None:
        raise Http404
    editions: list[dict[str, Any]] = []
    for edition in told.editions:
        acts, others = reading.acts_of(edition.row, request.user)
        editions.append({"edition": edition, "why": reading.why(edition.row), "acts": acts, "others": others})
    context = {
        "kpi": kpi,
        "told": told,
        "editions": editions,
        "is_sample": scope.is_sample,
        "now": _now(kpi, told, scope),
        "records_url": _records_url(kpi, told, is_sample=scope.is_sample, has_sample=scope.has_sample),
        "can_restate": can(request.user, OPERATION),
        "refused": refused,
        "reason": reason,
    }
    return render(request, "measurement/ledger/period.html", context, status=status)


def _now(kpi: KPI, told: reading.Told, scope: Any) -> dict[str, Any]:
    """What the rows say now, in this viewer's rights: as many as were told of, or how many they may not open."""
    figures = Counter(told.span, [kpi], is_sample=scope.is_sample).figures(kpi)
    wanted = [0] if scope.organizations is None else sorted(scope.organizations)
    found = [figures[each] for each in wanted if each in figures]
    is_same = len(found) == 1 and found[0].fingerprint == told.latest.fingerprint
    if len(wanted) > 1:
        is_same = sum(each.row_count for each in found) == told.latest.row_count
    drilled = Drill(kpi, told.span, scope)
    visible = sum(rows.count() for rows in drilled.rows().values()) if kpi.formula is None else None
    hidden = drilled.everything() - visible if visible is not None else 0
    return {
        "row_count": sum(each.row_count for each in found),
        "is_same": is_same,
        "is_same_definition": told.latest.definition == kpi.definition,
        "visible": visible,
        "hidden": hidden,
    }


def _records_url(kpi: KPI, told: reading.Told, *, is_sample: bool, has_sample: bool) -> str:
    last = told.span.day_to - timedelta(days=1)
    query = f"from={told.span.day_from}&to={last}"
    if has_sample:
        query += f"&data={'sample' if is_sample else 'real'}"
    return f"{reverse('measurement:records', args=[kpi.id])}?{query}"


@require_POST
@requires(OPERATION)
def restatement(request: HttpRequest, name: str, grain: str, first_day: str) -> HttpResponseBase:
    """Have a period counted again, with a reason."""
    day, reason = _day(first_day), request.POST.get("reason", "")
    if day is None or grain not in reading.GRAINS:
        raise Http404
    is_sample = request.POST.get("data") == "sample"
    try:
        closing.restate_by_hand(
            kpi=_kpi(name), grain=grain, first_day=day, is_sample=is_sample, by=person_of(request), at=now(),
            reason=reason,
        )  # fmt: skip
    except Refused as refused:
        return _period(request, name, grain, first_day, refused=str(refused), reason=reason, status=422)
    messages.success(request, _("Counted again. The figure told before stays beside the new one."))
    return redirect("kpi_ledger:period", name, grain, first_day)
