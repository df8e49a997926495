"""Set-up of what people choose from when they explain misses and ask for excuses, and of the deadlines."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.time import now
from people.doors import person_of, requires
from records.views.base import saved

from .. import catalog
from ..forms import ClauseForm, DeadlineForm, LineForm, Telling
from ..models import Cause, Clause, Deadline

OPERATION = "breach.set_up"


@require_safe
@requires(OPERATION)
def set_up(request: HttpRequest) -> HttpResponseBase:
    """The two lists and the deadlines."""
    return _page(request)


def _page(request: HttpRequest, *, forms: dict[str, Telling] | None = None, status: int = 200) -> HttpResponseBase:
    told = forms or {}

    def lines(model: Any, kind: str) -> list[tuple[Any, Telling]]:
        rows = model.objects.all()
        if model is Clause:
            rows = rows.select_related("agreement")
        return [(line, told.get(f"{kind}-{line.pk}") or _line_form(line, kind)) for line in rows]

    everywhere = Deadline.objects.filter(agreement=None).first()
    initial = {"days": everywhere.days, "calendar": everywhere.calendar_id} if everywhere else {}
    context = {
        "causes": lines(Cause, "cause"),
        "clauses": lines(Clause, "clause"),
        "deadlines": Deadline.objects.exclude(agreement=None).select_related("agreement", "calendar"),
        "everywhere": everywhere,
        "cause_form": told.get("cause") or LineForm(auto_id="cause_%s"),
        "clause_form": told.get("clause") or ClauseForm(auto_id="clause_%s"),
        "deadline_form": told.get("deadline") or DeadlineForm(auto_id="deadline_%s", initial=initial),
        "refused_forms": list(told.values()),
    }
    return render(request, "slm/breaches/set_up.html", context, status=status)


def _line_form(line: Any, kind: str) -> LineForm:
    initial = {"name": line.name, "description": line.description, "is_active": line.is_active,
               "seen_version": line.version}  # fmt: skip
    return LineForm(initial=initial, auto_id=f"{kind}_{line.pk}_%s")


def _acted(request: HttpRequest, form: Telling, name: str, said: str, do: Callable[[], Any]) -> HttpResponseBase:
    return saved(
        request, form, lambda _data: do(), said=said, url=reverse("breaches:set_up"),
        ask=lambda status: _page(request, forms={name: form}, status=status),
    )  # fmt: skip


def _add(request: HttpRequest, model: Any, form: LineForm, name: str) -> HttpResponseBase:
    def do() -> None:
        said = form.cleaned_data
        more = {"agreement": said["agreement"]} if model is Clause else {}
        catalog.add(model, by=person_of(request), at=now(), name=said["name"], description=said["description"], **more)

    return _acted(request, form, name, _("Added."), do)


def _change(request: HttpRequest, line: Any, kind: str) -> HttpResponseBase:
    form = LineForm(request.POST, auto_id=f"{kind}_{line.pk}_%s")

    def do() -> None:
        said = dict(form.cleaned_data)
        version = said.pop("seen_version")
        catalog.change(line, by=person_of(request), at=now(), values=said, version=version)

    return _acted(request, form, f"{kind}-{line.pk}", _("Saved."), do)


@require_POST
@requires(OPERATION)
def causes(request: HttpRequest) -> HttpResponseBase:
    """Add a cause."""
    return _add(request, Cause, LineForm(request.POST, auto_id="cause_%s"), "cause")


@require_POST
@requires(OPERATION)
def cause(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a cause, or take it out of the choice."""
    return _change(request, get_object_or_404(Cause, pk=pk), "cause")


@require_POST
@requires(OPERATION)
def clauses(request: HttpRequest) -> HttpResponseBase:
    """Add a clause."""
    return _add(request, Clause, ClauseForm(request.POST, auto_id="clause_%s"), "clause")


@require_POST
@requires(OPERATION)
def clause(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a clause, or take it out of the choice."""
    return _change(request, get_object_or_404(Clause, pk=pk), "clause")


@require_POST
@requires(OPERATION)
def deadlines(request: HttpRequest) -> HttpResponseBase:
    """Say within how many working days misses are explained."""
    form = DeadlineForm(request.POST, auto_id="deadline_%s")
    return _acted(
        request, form, "deadline", _("Deadline saved. It counts for misses from now on."),
        do=lambda: catalog.set_deadline(by=person_of(request), at=now(), **form.cleaned_data),
    )  # fmt: skip
