"""Pages of the five processes and the eight workflows."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from common.numbers import number_in
from measurement import filters
from people.access import can
from people.doors import requires
from records.practices import PROCESSES
from records.processes import workflow as workflow_of

from ..measures import ProcessMeasures
from ..queries import processes as queries

ROWS = 50
OPERATION = "process.view"


@requires(OPERATION)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The five processes and the eight workflows, with what is open in each."""
    cards = queries.workflow_cards(request.user)
    context = {
        "processes": queries.overview(request.user),
        "reactive": [each for each in cards if not each[0].is_proactive],
        "proactive": [each for each in cards if each[0].is_proactive],
    }
    return render(request, "procedures/overview.html", context)


@requires(OPERATION)
@require_safe
def process(request: HttpRequest, process: str) -> HttpResponse:
    """One process: what runs at each step, by which procedures, who answers for it, and its measures."""
    if process not in PROCESSES:
        raise Http404
    at = now()
    context: dict[str, Any] = {
        "page": queries.page_of(process, request.user),
        "others": [{"label": label, "url": f"/processes/{name}/", "is_current": name == process}
                   for name, label in PROCESSES.items()],
        "can_see_procedures": can(request.user, "procedure.view"),
        "can_see_duties": can(request.user, "duty.view"),
        "can_write": can(request.user, "procedure.write"),
    }  # fmt: skip
    if can(request.user, "kpi.view"):
        measures = ProcessMeasures(filters.read(request.GET, request.user, at=at), at)
        measures.process = process
        context |= {"measures": measures, "asked": measures.asked}
    return render(request, "procedures/process.html", context)


@requires(OPERATION)
@require_safe
def workflow(request: HttpRequest, slug: str) -> HttpResponse:
    """One workflow: its chain, and the open records that go this way, the newest first."""
    found = workflow_of(slug)
    if found is None:
        raise Http404
    rows = queries.records_in(found, request.user).select_related("service", "assignee", "team").order_by("-pk")
    before = number_in(request.GET.get("before"))
    total = rows.count()
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows[: ROWS + 1])
    context = {
        "workflow": found,
        "chain": [(name, PROCESSES[name]) for name in found.chain],
        "total": total,
        "rows": shown[:ROWS],
        "older_url": f"?before={shown[ROWS - 1].pk}" if len(shown) > ROWS else "",
        "is_first": not before,
        "kinds": [practice.label_plural for practice in queries.kinds_of(found.process)],
        "process_label": PROCESSES[found.process],
    }
    return render(request, "procedures/workflow.html", context)
