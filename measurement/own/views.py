"""Pages on which people make measures."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.refusals import Refused
from common.time import now
from people.doors import person_of, requires
from records.views.base import pressed

from ..periods import today
from ..scope import scope_of
from . import counts, operations, queries
from .forms import MeasureForm
from .models import OwnMeasure
from .previewing import preview

OPERATION = operations.OPERATION


@require_http_methods(["GET", "HEAD", "POST"])
@requires(OPERATION)
def new(request: HttpRequest) -> HttpResponseBase:
    """Make a measure, after a look at what it would have said."""
    return _page(request, None, MeasureForm(request.POST or None, is_new=True))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(OPERATION)
def measure(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Change what a measure means; every version stays."""
    found = get_object_or_404(OwnMeasure, slug=slug)
    latest = found.versions.select_related("measure").first()
    initial = MeasureForm.initial_of(latest) if latest else None
    return _page(request, found, MeasureForm(request.POST or None, is_new=False, initial=initial))


def _page(request: HttpRequest, found: OwnMeasure | None, form: MeasureForm) -> HttpResponseBase:
    status, shown = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if "preview" in request.POST:
                    shown, status = _previewed(request, form), 200
                else:
                    return _saved(request, found, form)
            except Refused as refused:
                form.tell(refused.refusals)
                status = refused.status if refused.status != 409 else 422
    context = {
        "measure": found,
        "form": form,
        "counts": list(counts.known().values()),
        "months": shown,
        "versions": found.versions.select_related("made_by") if found else [],
    }
    return render(request, "measurement/own/measure.html", context, status=status)


def _previewed(request: HttpRequest, form: MeasureForm) -> Any:
    tidy, expression = operations.read(form.meaning)
    kpi = queries.kpi_from(
        slug="own-preview", name=tidy.name, question=tidy.question, expression=expression, unit=tidy.unit,
        direction=tidy.direction,
    )  # fmt: skip
    return preview(kpi, scope_of(request.user), today=today(now()))


def _saved(request: HttpRequest, found: OwnMeasure | None, form: MeasureForm) -> HttpResponseBase:
    by, at = person_of(request), now()
    if found is None:
        made = operations.create(by=by, at=at, meaning=form.meaning)
        messages.success(request, _("Measure made. It is counted from the records that are there."))
    else:
        version = form.cleaned_data["seen_version"]
        made = operations.redefine(measure=found, by=by, at=at, meaning=form.meaning, version=version)
        messages.success(request, _("Saved as a new version. Figures told before keep theirs."))
    return redirect("measurement:kpi", made.slug)


@require_POST
@requires(OPERATION)
def retirement(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Take a measure out of use."""
    return _put(request, slug, operations.retire, _("Out of use. Figures that were told stay in the ledger."))


@require_POST
@requires(OPERATION)
def reinstatement(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Take a measure into use again."""
    return _put(request, slug, operations.reinstate, _("In use again."))


def _put(request: HttpRequest, slug: str, act: Any, said: str) -> HttpResponseBase:
    found = get_object_or_404(OwnMeasure, slug=slug)
    person = person_of(request)
    return pressed(
        request, lambda: act(measure=found, by=person, at=now()),
        url=reverse("own_kpis:measure", args=[slug]), said=said,
    )  # fmt: skip
