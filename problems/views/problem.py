"""The page of a problem, and what its tabs share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from people.access import Access
from people.doors import requires
from records.enums import REVERSE_LABELS, LinkKind
from records.models import Record
from records.rendering import render as render_text
from records.views import tabs
from records.views.base import act_and_return, see_other
from records.views.page import RecordPage
from slm.queries import beside

from .. import operations
from ..forms import FIELDS
from ..models import KnownError, Problem, RecurrenceMatch
from ..queries.impact import impact_of

CAUSED_SHOWN = 5
TABS = {
    "overview": gettext_lazy("Overview"),
    "analysis": gettext_lazy("Analysis"),
    "events": gettext_lazy("Timeline"),
    "known-error": gettext_lazy("Known error"),
    "actions": gettext_lazy("Actions"),
}


def tabs_of(problem: Problem, current: str, known_error: KnownError | None) -> list[dict[str, Any]]:
    """The parts of the workspace as addresses; a known error has its own."""
    addresses = {} if known_error is None else {"known-error": known_error.get_absolute_url()}
    return tabs.tabs_of(problem, TABS, current, addresses=addresses)


class ProblemPage(RecordPage):
    """Overview: what happened to the problem, what it costs, who works on it."""

    kind = "problem"
    list_url = "/problems/"
    fields = FIELDS
    facts = (
        "owner", "assignee", "service", "item", "category", "tags", "origin", "impact_statement", "cause_code",
        "location",
    )  # fmt: skip
    head = "problems/_head.html"
    side = ("problems/_impact.html", *RecordPage.side)
    tab: ClassVar[str] = "overview"

    def rows(self, record: Problem, *, can_edit: bool) -> list[dict[str, Any]]:
        """The owner stands among the facts that can be edited, once."""
        found = super().rows(record, can_edit=can_edit)
        return [row for row in found if row["name"] != "owner" or "edit_url" in row]

    def context(self, request: HttpRequest, record: Problem) -> dict[str, Any]:
        """Of many incidents only some stand among the links; the figures beside them open all."""
        found = super().context(request, record)
        caused = [each for each in found["links"] if each.label == REVERSE_LABELS[LinkKind.CAUSED_BY]]
        dropped = {each.key for each in caused[:-CAUSED_SHOWN]}
        return found | {"links": [each for each in found["links"] if each.key not in dropped]}

    def more(self, request: HttpRequest, record: Problem, *, access: Access, at: datetime) -> Mapping[str, Any]:
        known_error = record.get_known_error()
        return {
            **beside(record, request.user, at=at),
            "problem_tabs": tabs_of(record, self.tab, known_error),
            "known_error": known_error,
            "impact": impact_of(record, request.user, at=at),
            "matches": matches_of(record, request.user),
            "can_work": access.allows_on("problem.work", record),
            "can_analyze": record.closed_at is None and access.allows_on("problem.analyze", record),
            "lessons": render_text(record.lessons),
            "risk_reason": render_text(record.risk_reason),
            "reason_label": _("duplicate") if record.state_reason == "duplicate" else record.state_reason,
        }


class KnownErrorTab(tabs.Tab, ProblemPage):
    """The tab of a problem without a known error; with one it leads there."""

    tab = "known-error"
    template = "problems/no_known_error.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        problem = self.worked_on(request.user, number)
        if problem.get_known_error() is not None:
            return see_other(request, problem.known_error.get_absolute_url())
        return self.show(request, problem)


def matches_of(problem: Problem, viewer: Any) -> list[RecurrenceMatch]:
    """Incidents that look like the problem and wait for a word, as far as the viewer may see them."""
    rows = RecurrenceMatch.objects.filter(problem=problem, explained_at=None, is_confirmed=False)
    seen = Record.objects.visible_to(viewer).filter(pk__in=rows.values("incident"))
    return list(rows.filter(incident__in=seen).select_related("incident"))


@requires("problem.work")
@require_POST
def explanation(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Say why an incident that looks like the problem is something else."""
    problem = ProblemPage.worked_on(request.user, number)
    match = next((each for each in matches_of(problem, request.user) if each.pk == key), None)

    def act() -> None:
        if match is not None:
            operations.explain_match(
                match=match, by=request.user, at=now(), explanation=request.POST.get("explanation", "")
            )

    return act_and_return(request, problem, act, said=_("Explained."))
