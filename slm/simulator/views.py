"""Pages of simulations: one's own list, one with its progress and result, and asking for one from an agreement."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit import log
from common import csvs
from common.numbers import number_in
from common.refusals import Refused
from common.templatetags.steward import hours_minutes
from common.time import now
from people import access
from people.doors import person_of, requires

from ..agreement_form import AgreementForm
from ..models import Agreement
from ..points import Point
from ..views.agreements import form_page
from . import operations, tasks
from .forms import ScopeForm
from .models import Outcome, Simulation
from .presenting import ROWS, Part, Result

OPERATION = "simulation.run"
LISTED = 50
HEAD = (
    "reference", "subject", "clock", "priority", "service", "team", "is_open", "effect", "missed_before",
    "missed_after", "due_before", "due_after", "used_before_h_mm", "used_after_h_mm",
)  # fmt: skip


@require_safe
@requires(OPERATION)
def simulations(request: HttpRequest) -> HttpResponse:
    """One's own simulations of the past 30 days."""
    found = Simulation.objects.visible_to(request.user)[:LISTED]
    return render(request, "slm/simulator/list.html", {"simulations": found})


@require_safe
@requires(OPERATION)
def simulation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What would have changed, clock by clock; `format=csv` gives the file. While it works it shows how far it is."""
    found = _own(request, pk)
    part = Part.read(request.GET)
    if request.GET.get("format") == "csv":
        log.record(
            "simulation.exported", subject_kind="simulation", subject_id=found.pk, subject_label=found.title,
            by=request.user, at=now(), data={"query": part.query()},
        )  # fmt: skip
        lines = (_as_line(each) for each in part.rows(found).iterator(chunk_size=2000))
        return csvs.answer(f"simulation-{found.pk}", HEAD, lines)
    rows = part.rows(found)
    after = number_in(request.GET.get("after"))
    if after is not None:
        rows = rows.filter(pk__lt=after)
    listed = list(rows[: ROWS + 1])
    context = {
        "simulation": found,
        "result": Result(found),
        "part": part,
        "rows": listed[:ROWS],
        "older_url": f"?{part.query(after=listed[ROWS - 1].pk)}#clocks" if len(listed) > ROWS else "",
        "newer_url": f"?{part.query()}#clocks" if after else "",
        "csv_url": f"?{part.query(format='csv')}",
        "all_url": f"?{Part().query()}#clocks",
    }
    template = "slm/simulator/simulation.html"
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        template += "#result"
    return render(request, template, context)


@requires(OPERATION)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Have no further clocks looked at."""
    found = _own(request, pk)
    try:
        operations.stop(simulation=found, by=request.user, at=now())
    except Refused as refused:
        messages.info(request, str(refused))
    return redirect("simulator:simulation", pk)


@requires(OPERATION)
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a simulation."""
    found = _own(request, pk)
    operations.remove(simulation=found, by=request.user)
    messages.success(request, _("Simulation “%(title)s” removed.") % {"title": found.title})
    return redirect("simulator:simulations")


@requires(OPERATION)
@require_POST
def terms(request: HttpRequest, slug: str) -> HttpResponse:
    """Try the terms as typed into the form of an agreement; nothing of it is saved."""
    found = get_object_or_404(Agreement.objects.prefetch_related("targets"), slug=slug)
    access.require(request.user, "agreement.edit", found)
    form, scope = AgreementForm(request.POST, instance=found), ScopeForm(request.POST)
    if not form.is_valid():
        return form_page(request, form, found)
    values = form.values()
    try:
        asked = operations.try_terms(
            agreement=found,
            calendar=values["calendar"],
            targets=form.targets(),
            target_calendars=form.target_calendars(),
            pause_reasons=values["pause_reasons"],
            by=request.user,
            at=now(),
            **scope.scope(),
        )
    except Refused as refused:
        form.tell(refused.refusals)
        return form_page(request, form, found)
    tasks.ring(asked.pk)
    return redirect("simulator:simulation", asked.pk)


@requires(OPERATION)
@require_POST
def version(request: HttpRequest, slug: str) -> HttpResponse:
    """Try the version in force on the open tickets, before it is applied to those under earlier ones."""
    found = get_object_or_404(
        Agreement.objects.visible_to(request.user).prefetch_related("targets__calendar"), slug=slug
    )
    access.require(request.user, "agreement.edit", found)
    targets = {(each.clock, each.priority): each for each in found.targets.all()}
    try:
        asked = operations.try_terms(
            agreement=found,
            calendar=found.calendar,
            targets={key: Point.from_code(each.point) or each.target_minutes for key, each in targets.items()},
            target_calendars={key: each.calendar for key, each in targets.items()},
            pause_reasons=found.pause_reasons,
            by=request.user,
            at=now(),
            days=None,
        )
    except Refused as refused:
        for each in refused.refusals:
            messages.error(request, str(each))
        return redirect("slm:agreement", slug)
    tasks.ring(asked.pk)
    return redirect("simulator:simulation", asked.pk)


def _own(request: HttpRequest, pk: int) -> Simulation:
    return get_object_or_404(Simulation.objects.visible_to(person_of(request)).select_related("by"), pk=pk)


def _as_line(outcome: Outcome) -> list[Any]:
    """One line of the file; moments in UTC, ISO 8601."""
    record = outcome.record
    return [
        record.reference,
        record.title,
        outcome.kind,
        f"P{outcome.priority}",
        record.service or "",
        record.team or "",
        outcome.is_open,
        outcome.effect,
        outcome.is_missed_before,
        outcome.is_missed_after,
        outcome.due_before.isoformat() if outcome.due_before else "",
        outcome.due_after.isoformat() if outcome.due_after else "",
        hours_minutes(outcome.used_before),
        hours_minutes(outcome.used_after),
    ]
