"""Pages of tables of measures: the saved ones, the builder, and one of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import log
from common import csvs
from common.numbers import version_in
from common.refusals import NotAllowed
from people.access import can
from people.doors import person_of, requires
from records.views.base import pressed, saved

from .. import figures, filters, known, periods, queries
from ..dashboards.enums import By
from ..dashboards.views import refreshed
from . import operations
from .counting import MOST_COLUMNS, MOST_ROWS, MOST_ROWS_IN_FILES, dimensions_in, is_possible
from .counting import table as counted
from .enums import Across
from .forms import ContentForm, TableForm
from .models import Pivot

VIEW, EDIT = "dashboard.view", "dashboard.edit"
CHOSEN = ("kpi", "rows", "columns")
KEPT = (*CHOSEN, figures.PARAMETER)
MOST_LISTED = 300


@require_safe
@requires(VIEW)
def tables(request: HttpRequest) -> HttpResponse:
    """One's own, and those shared with the person."""
    found = Pivot.objects.visible_to(person_of(request)).select_related("owner")[:MOST_LISTED]
    return render(request, "measurement/pivots/list.html", {"tables": found, "may_edit": can(request.user, EDIT)})


@require_safe
@requires(VIEW)
def build(request: HttpRequest) -> HttpResponseBase:
    """A table as its address says it, to be looked at, changed and saved."""
    return _shown(request, request.GET.dict(), None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW)
def table(request: HttpRequest, pk: int) -> HttpResponseBase:
    """
    A saved one; an address that names a measure says everything, so that a filter can be taken away too.

    Its owner sends what it is to show from now on.
    """
    if request.method == "POST":
        return _kept(request, _own(request, pk))
    found = get_object_or_404(Pivot.objects.visible_to(person_of(request)).select_related("owner"), pk=pk)
    said = request.GET.dict()
    return _shown(request, said if "kpi" in said else found.parameters | said, found)


def _kept(request: HttpRequest, found: Pivot) -> HttpResponseBase:
    form = ContentForm(request.POST)

    def keep(said: dict[str, Any]) -> Any:
        version = version_in(said.pop("version")) or 0
        return operations.change(table=found, by=request.user, at=now(), version=version, **said)

    def ask(status: int) -> HttpResponseBase:
        # What was chosen stays before them; sent again, it takes the place of what stands now.
        said: dict[str, str] = {name: request.POST.get(name, "") for name in (*CHOSEN, "query")}
        return _shown(request, QueryDict(said["query"]).dict() | said, found, form=form, status=status)

    return saved(
        request, form, keep, over=("version", found), said=_("Table saved."), url=found.get_absolute_url(), ask=ask
    )


def _shown(
    request: HttpRequest, query: dict[str, str], found: Pivot | None, *, form: ContentForm | None = None,
    status: int = 200,
) -> HttpResponseBase:  # fmt: skip
    at, user = now(), person_of(request)
    kpis = [each for each in known.kpis() if is_possible(each)]
    kpi = next((each for each in kpis if each.id == query.get("kpi")), kpis[0])
    rows, columns = dimensions_in(query)
    chosen = {"kpi": kpi.id, "rows": rows, "columns": columns}
    asked = filters.read(query | chosen, user, at=at, operation=VIEW, kept=KEPT)
    figure = figures.fitting(kpi, figures.figure_in(query))
    is_file = request.GET.get("format") == "csv"
    most_rows = MOST_ROWS_IN_FILES if is_file else None
    shown = counted(kpi, asked, rows=rows, columns=columns, figure=figure, most_rows=most_rows)
    if is_file:
        log.record(
            "kpi.exported", subject_kind="measure", subject_id=0, by=user, at=at,
            data={"kpi": kpi.id, "query": asked.query()},
        )  # fmt: skip
        return csvs.answer(f"{kpi.id}-{rows}-{columns}", shown.head, shown.numbers())
    context = {
        "saved": found, "shown": shown, "kpi": kpi, "kpis": kpis, "rows": rows, "columns": columns, "asked": asked,
        "down": By.choices, "across": Across.choices, "as_of": queries.as_of(at), "zone": periods.zone().key,
        "most_rows": MOST_ROWS, "most_columns": MOST_COLUMNS, "may_edit": can(user, EDIT),
        "is_own": found is not None and found.owner_id == user.pk, "form": form,
        "typed": request.GET.get("typed", "")[:500],
        "is_changed": found is not None and _parameters_of(found, user, at=at) != asked.parameters,
        "export_query": asked.query(), "may_export": can(user, "kpi.export"),
        "keep": [(name, asked.parameters[name]) for name in KEPT if name in asked.parameters],
        "figure": figure, "figures": figures.Figure.choices if kpi.has_singles else [],
        "figure_problem": figures.why_not(kpi, figures.figure_in(query)),
    }  # fmt: skip
    return render(request, "measurement/pivots/table.html", context, status=status)


def _parameters_of(table: Pivot, user: Any, *, at: datetime) -> Mapping[str, str]:
    """What the address of a saved table would say, so far as it is understood."""
    return filters.read(table.parameters, user, at=at, operation=VIEW, kept=KEPT).parameters


@requires(EDIT)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Save the table that is shown."""
    said: dict[str, Any] = {name: request.POST.get(name, "") for name in ("name", *CHOSEN, "query")}
    again = QueryDict(said["query"], mutable=True)
    for name in CHOSEN:
        again[name] = said[name]
    again["typed"] = said["name"]
    return pressed(
        request, lambda: operations.create(by=request.user, at=now(), **said),
        url=lambda made: made.get_absolute_url(), back=f"{reverse('pivots:build')}?{again.urlencode()}",
        said=_("Table saved."),
    )  # fmt: skip


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, and who may read it."""
    user, found = person_of(request), _own(request, pk)
    if request.method != "POST":
        form = TableForm.of(found, user)
        return render(request, "measurement/pivots/settings.html", {"form": form, "saved": found})
    form = TableForm(request.POST, viewer=user)
    context = {"form": form, "saved": found}
    return saved(
        request, form, over=("version", found), said=_("Table saved."), url=found.get_absolute_url(),
        act=lambda said: operations.change(
            table=found, by=user, at=now(), version=said["version"], name=said["name"], with_whom=form.with_whom(found)
        ),
        ask=lambda status: render(request, "measurement/pivots/settings.html", context, status=status),
    )  # fmt: skip


@requires(EDIT)
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a table away; the toast takes it back."""
    found = _own(request, pk)
    operations.remove(table=found, by=request.user, at=now())
    text = _("“%(name)s” removed.") % {"name": found.name}
    messages.success(request, text, extra_tags=reverse("pivots:return", args=[pk]))
    return redirect("pivots:tables")


@requires(EDIT)
@require_POST
def taking_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the removal."""
    operations.take_back(table=_own(request, pk), by=request.user, at=now())
    return refreshed(request, redirect("pivots:table", pk))


def _own(request: HttpRequest, pk: int) -> Pivot:
    user = person_of(request)
    found = Pivot.objects.owned_by(user).filter(pk=pk).first()
    if found is None:
        get_object_or_404(Pivot.objects.visible_to(user), pk=pk)
        raise NotAllowed.because("not_allowed", _("Only whoever made this changes it."))
    return found  # type: ignore[no-any-return]
