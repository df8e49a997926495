"""Pages of the measures: all of them, one of them, the records behind a number."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from audit import log
from common import csvs
from common.refusals import Refused
from people.access import access_of, can
from people.doors import person_of, requires

from . import declarations, drill, filters, known, offers, periods, recounts
from .explorer.behind import Behind
from .explorer.page import PARAMETERS, ExplorerPage
from .following.pinned import pin_of
from .models import FamilyState, Mark, Reading
from .pages import ListPage

ROWS = 50
MARKS_SHOWN = 10_000
OPERATION = "kpi.view"


def _kpi(name: str) -> declarations.KPI:
    try:
        return known.kpi(name)
    except KeyError:
        raise Http404 from None


@require_safe
@requires(OPERATION)
def kpis(request: HttpRequest) -> HttpResponseBase:
    """Every measure with its value, target and shape over the days."""
    at = now()
    asked = filters.read(request.GET, request.user, at=at)
    page = ListPage(asked, at)
    if request.GET.get("format") == "csv":
        _log_export(request, "all", asked, at)
        return csvs.answer("measures", page.head, page.table)
    context = {"page": page, "asked": asked, "may_export": can(request.user, "kpi.export")}
    return render(request, "measurement/kpis.html", context)


@require_safe
@requires(OPERATION)
def kpi(request: HttpRequest, name: str) -> HttpResponseBase:
    """One measure over time and by dimension, with its definition."""
    at = now()
    asked = filters.read(request.GET, request.user, at=at, kept=PARAMETERS)
    page = ExplorerPage(_kpi(name), asked, at)
    if request.GET.get("format") == "csv":
        _log_export(request, name, asked, at)
        return csvs.answer(name, page.head, page.table)
    chosen = {dimension: asked.parameters[dimension] for dimension in asked.scope.filters}
    may_follow = can(request.user, "kpi.follow")
    context = {
        "page": page,
        "asked": asked,
        "keep": page.keep,
        "chosen": chosen,
        "may_follow": may_follow,
        "pin": pin_of(person_of(request), name, chosen) if may_follow else None,
        "may_note": can(request.user, "kpi.note"),
        "offers": offers.for_person(access_of(request.user)),
        "service": request.GET.get("service", ""),
        "may_export": can(request.user, "kpi.export"),
        "may_set_up": can(request.user, "kpi.set_up"),
        "may_define": page.kpi.formula is not None and can(request.user, "kpi.define"),
    }
    return render(request, "measurement/kpi.html", context)


@require_safe
@requires(OPERATION)
def records(request: HttpRequest, name: str) -> HttpResponseBase:
    """What a number counts, row by row; for stocks what stands at the end of the days asked for."""
    at = now()
    kpi = _kpi(name)
    # The rows of a measure that people made are those of each of its counts.
    counts = {".".join(each): each for each in kpi.counts} if kpi.formula is not None else {}
    counted = request.GET.get("count", "")
    counted = counted if counted in counts else next(iter(counts), "")
    shown = known.part_of(kpi, counts[counted]) if counted else kpi
    asked = filters.read(request.GET, request.user, at=at, kept=PARAMETERS)
    behind = Behind.read(shown, asked, request.GET, today=periods.today(at))
    part = behind.part
    # Practices that share a measure stand under each other; today's lists have one family.
    found = behind.rows()
    pages = [_Rows(rows, request.GET.get("page")) for rows in found.values()]
    total = sum(page.count for page in pages)
    context = {
        "kpi": shown,
        "asked": asked,
        "part": part,
        "total": total,
        "hidden": _hidden(drill.Drill(shown, asked.span, asked.scope), part, total),
        "counts": [
            {"label": each, "url": f"?{asked.query(count=each)}", "is_current": each == counted} for each in counts
        ],
        "pages": [page for page in pages if page.count],
        "said": behind.said,
        "query": asked.query(**behind.parameters, count=counted or None),
        "may_export": kpi.formula is None and can(request.user, "kpi.export"),
        "kpi_query": asked.query(),
    }
    return render(request, "measurement/records.html", context)


def _hidden(drilled: drill.Drill, part: str, total: int) -> int:
    """How many rows count besides those that the viewer may open."""
    return max(0, drilled.everything(part) - total) if part in drill.PARTS else 0


@require_http_methods(["GET", "HEAD", "POST"])
@requires("kpi.set_up")
def counting(request: HttpRequest) -> HttpResponseBase:
    """How far counting is: what waits, when each family was counted, and a full count with its progress."""
    refused, status = "", 200
    if request.method == "POST":
        try:
            recounts.ask(by=person_of(request), at=now())
        except Refused as refusal:
            refused, status = str(refusal), 409
        else:
            return redirect("measurement:counting")
    latest = recounts.latest()
    context = {
        "recount": latest,
        "is_running": latest is not None and latest.ended_at is None,
        "said": recounts.said(latest) if latest else "",
        "refused": refused,
        "families": FamilyState.objects.order_by("family"),
        "waiting": Mark.objects.order_by()[:MARKS_SHOWN].count(),
        "most": MARKS_SHOWN,
        "readings": Reading.objects.count(),
    }
    name = "measurement/counting.html"
    if request.GET.get("part") == "progress":
        name += "#progress"
    return render(request, name, context, status=status)


class _Rows:
    """
    One page of rows, each with the record it is or belongs to (`belongs_to` of the model; `record` without it).

    Rows that belong to no record (`is_measured_alone`) stand for themselves, `measured_with` what they name.
    """

    def __init__(self, rows: Any, number: str | None) -> None:
        self.are_alone = getattr(rows.model, "is_measured_alone", False)
        if self.are_alone:
            rows = rows.select_related(*rows.model.measured_with)
            self.shown = Paginator(rows.order_by("-pk"), ROWS).get_page(number)
            self.count = self.shown.paginator.count
            self.rows = [(row, "") for row in self.shown]
            return
        is_record = hasattr(rows.model, "requester")
        told = getattr(rows.model, "belongs_to", "")
        owner = told or "record"
        path = "" if is_record else f"{owner}__"
        rows = rows.select_related(*(f"{path}{name}" for name in ("service", "team", "organization")))
        self.shown = Paginator(rows.order_by("-pk"), ROWS).get_page(number)
        self.count = self.shown.paginator.count
        # Several of those that name their owner may stand below one: what each is stands beside it.
        self.rows = [(row, "") if is_record else (getattr(row, owner), str(row) if told else "") for row in self.shown]


def _log_export(request: HttpRequest, name: str, asked: filters.Asked, at: Any) -> None:
    log.record(
        "kpi.exported",
        subject_kind="measure",
        subject_id=0,
        by=request.user,
        at=at,
        data={"kpi": name, "query": asked.query()},
    )
