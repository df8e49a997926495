"""Doors of imports: choose a file, see what it would do, write it or put it away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.refusals import Refused
from common.time import now
from people.doors import person_of, requires
from records.views.base import pressed
from services import importing, tasks
from services.importing.showing import Shown
from services.models import ImportRow, ItemImport

ROWS_AT_ONCE = 500
ROWS_SHOWN = 200
LISTED = 20
PARTS = ("problem", "conflict", "update", "add", "same")


@requires("item.import")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Earlier imports and a form (GET); read a file and check it (POST)."""
    upload = request.FILES.get("file")
    problem = ""
    if request.method == "POST":
        if upload is None:
            problem = _("Choose a file.")
        elif upload.size is not None and upload.size > importing.MOST_BYTES:
            problem = _("The file is larger than %(limit)d MB. Split it.") % {"limit": importing.MOST_BYTES // 2**20}
        else:
            try:
                run = importing.begin(
                    content=upload.read(), file_name=upload.name or "items", by=person_of(request), at=now()
                )
            except importing.Unreadable as error:
                problem = str(error)
            else:
                work(run)
                return redirect("configuration:import_run", run.pk)
    context = {"runs": ItemImport.objects.select_related("by")[:LISTED], "problem": problem}
    return render(request, "configuration/import.html", context, status=422 if problem else 200)


@requires("item.import")
@require_GET
def run(request: HttpRequest, key: int) -> HttpResponse:
    """How far an import is, and what each row would do or did."""
    return _answer(request, _run(key))


@requires("item.import")
@require_POST
def application(request: HttpRequest, key: int) -> HttpResponse:
    """Write a checked import."""
    found = _run(key)
    said = request.POST
    try:
        ordered = importing.order(
            run=found,
            by=person_of(request),
            at=now(),
            takes_theirs=said.get("conflicts") == "theirs",
            skips_problems=bool(said.get("skips_problems")),
        )
    except Refused as refused:
        return _answer(request, found, problem=str(refused), status=refused.status)
    work(ordered)
    return redirect("configuration:import_run", key)


@requires("item.import")
@require_POST
def removal(request: HttpRequest, key: int) -> HttpResponse:
    """Put an import away."""
    run, person = _run(key), person_of(request)
    return pressed(
        request, lambda: importing.discard(run=run, by=person, at=now()),
        url=reverse("configuration:import"), back=reverse("configuration:import_run", args=[key]),
        said=_("Put away. Nothing was written."),
    )  # fmt: skip


def work(run: ItemImport) -> None:
    """Go on with an import: at once when it is small, else by a worker while the page shows how far it is."""
    if run.rows <= ROWS_AT_ONCE:
        tasks.work_import(run_id=run.pk)
    else:
        tasks.work_import.delay(run_id=run.pk)


def _run(key: int) -> ItemImport:
    found: ItemImport = get_object_or_404(ItemImport.objects.select_related("by"), pk=min(key, 2**63 - 1))
    return found


def _answer(request: HttpRequest, found: ItemImport, *, problem: str = "", status: int = 200) -> HttpResponse:
    is_waiting = found.stage in (ItemImport.Stage.CHECKING, ItemImport.Stage.APPLYING)
    counts = found.counts
    part = request.GET.get("part", "")
    if part not in PARTS:
        part = next((each for each in PARTS if counts.get(each)), "add")
    labels = dict(ImportRow.Outcome.choices)
    rows: list[Any] = []
    if not is_waiting and counts:
        rows = Shown.of(found.lines.filter(outcome=part).order_by("line")[:ROWS_SHOWN])
    context = {
        "run": found,
        "is_waiting": is_waiting,
        "parts": [
            {"label": labels[each], "count": counts.get(each, 0), "url": f"?part={each}", "is_current": each == part}
            for each in PARTS
        ],
        "part": part,
        "rows": rows,
        "more": max(0, counts.get(part, 0) - len(rows)) if found.stage != "discarded" else 0,
        "problem": problem,
    }
    fragment = "#progress" if request.headers.get("HX-Request") and is_waiting else ""
    return render(request, "configuration/import_run.html" + fragment, context, status=status)
