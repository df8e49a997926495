"""Who is accountable, against who really acted."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import log
from common import csvs
from people.access import access_of
from people.doors import requires
from records.practices import PROCESSES
from records.processes import step_label
from records.views.base import saved

from .. import operations
from ..forms import DutyForm
from ..models import Duty
from ..queries import acting

RANGE_LABELS = {"30": _("30 days"), "90": _("90 days"), "365": _("1 year")}
FINDINGS = {
    "vacancy": _("vacancies"), "double": _("doubles"), "outsider": _("undeclared acts"), "overload": _("overload"),
}  # fmt: skip
HEAD = (
    "process", "step", "accountable", "person", "responsible", "consulted", "informed", "acts", "who acted", "findings",
)  # fmt: skip
NAMES = 4


@requires("duty.view")
@require_safe
def accountability(request: HttpRequest) -> HttpResponseBase:
    """Every step with its declared roles, who acted in the last days, and what differs; as page or CSV."""
    at = now()
    chosen = request.GET.get("range", acting.USUAL_RANGE)
    chosen = chosen if chosen in acting.RANGES else acting.USUAL_RANGE
    process = request.GET.get("process", "")
    process = process if process in PROCESSES else ""
    only = request.GET.get("finding", "")
    only = only if only in FINDINGS else ""
    rows = acting.compare(since=acting.since_of(chosen, at), until=at, process=process)
    across = acting.across(rows)
    found = Counter(kind for row in rows for kind in {each.kind for each in row.findings})
    if only:
        rows = [row for row in rows if any(each.kind == only for each in row.findings)]
    if request.GET.get("format") == "csv":
        log.record(
            "duty.exported", subject_kind="duty", subject_id=0, subject_label="accountability", by=request.user, at=at,
            data={"range": chosen, "process": process},
        )  # fmt: skip
        return csvs.answer("accountability", HEAD, [_line(row) for row in rows])
    context = {
        "rows": [{"row": row, "actors": row.actors[:NAMES], "more": row.actors[NAMES:]} for row in rows],
        "across": across,
        "ranges": [{"name": name, "label": label, "is_chosen": name == chosen} for name, label in RANGE_LABELS.items()],
        "processes": PROCESSES.items(),
        "process": process,
        "finding": only,
        "findings": [{"name": name, "label": label, "count": found.get(name, 0)} for name, label in FINDINGS.items()],
        "range": chosen,
        "can_set": access_of(request.user).allows("duty.set"),
    }
    return render(request, "procedures/accountability.html", context)


def _line(row: acting.Row) -> list[Any]:
    names = "; ".join(f"{actor.person}: {actor.acts}" for actor in row.actors)
    return [
        row.process_label, row.label, row.accountable, row.duty.person or "", ", ".join(map(str, row.responsible)),
        ", ".join(map(str, row.consulted)), ", ".join(map(str, row.informed)), row.acts, names,
        " ".join(each.text for each in row.findings),
    ]  # fmt: skip


@requires("duty.set")
@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest, process: str, step: str) -> HttpResponse:
    """Say who is accountable for a step."""
    found = get_object_or_404(Duty.objects.prefetch_related("parts"), process=process, step=step)

    def ask(status: int = 200) -> HttpResponse:
        context = {
            "form": form, "duty": found, "process_label": PROCESSES[process], "step_label": step_label(process, step),
        }  # fmt: skip
        return render(request, "procedures/duty.html", context, status=status)

    if request.method != "POST":
        form = DutyForm(duty=found)
        return ask()
    form = DutyForm(request.POST, duty=found)
    return saved(
        request,
        form,
        lambda said: operations.set_duty(
            duty=found,
            by=request.user,
            at=now(),
            accountable=said["accountable"],
            person=said["person"],
            parts=form.parts(),
            version=said["version"],
        ),
        ask=ask,
        url=f"/accountability/?process={process}",
    )
