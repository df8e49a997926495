"""The workspace: the tree of causes as an outline that is edited by keyboard, comparisons, events, actions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.timezone import is_naive, make_aware, now
from django.utils.translation import gettext as _
from django.views import View

from common.numbers import number_in
from common.refs import parse_reference
from common.refusals import Refused
from people.access import Access
from people.doors import requires
from records.enums import TaskState
from records.forms import assignable_to
from records.models import Record
from records.views import tabs
from records.views.base import see_other

from .. import fishbone, operations
from ..enums import CauseGroup, CauseMethod, Confidence, Dimension
from ..models import Cause, CauseEvidence, Comparison, Problem, TimelineEvent
from ..queries import fixes
from ..queries.chronicle import chronicle_of
from ..queries.tree import by_group, tree_of
from .problem import ProblemPage

TEXTS = ("is_text", "is_not_text", "distinction", "change")


class AnalysisPage(tabs.Tab, ProblemPage):
    """Causes and comparisons."""

    tab = "analysis"
    template = "problems/analysis.html"

    def more(self, request: HttpRequest, record: Problem, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        return (
            found
            | outline_context(request, record, can_analyze=found["can_analyze"])
            | {
                "comparisons": list(Comparison.objects.filter(problem=record)),
                "dimensions": Dimension.choices,
            }
        )


def outline_context(request: HttpRequest, problem: Problem, *, can_analyze: bool) -> dict[str, Any]:
    """What the outline and the drawing show."""
    tree = tree_of(problem, request.user)
    return {
        "record": problem,
        "tree": tree,
        "fishbone": fishbone.draw(problem.title, by_group(tree)),
        "groups": CauseGroup.choices,
        "confidences": Confidence.choices,
        "methods": CauseMethod.choices,
        "people": assignable_to(request.user) if can_analyze else (),
        "can_analyze": can_analyze,
    }


class EventsPage(AnalysisPage):
    """Everything on one axis."""

    tab = "events"
    template = "problems/events.html"

    def more(self, request: HttpRequest, record: Problem, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = ProblemPage.more(self, request, record, access=access, at=at)
        return {**found, "chronicle": chronicle_of(record, request.user)}


class ActionsPage(AnalysisPage):
    """What is done about it: tasks with owner and date, changes."""

    tab = "actions"
    template = "problems/actions.html"

    def more(self, request: HttpRequest, record: Problem, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = ProblemPage.more(self, request, record, access=access, at=at)
        tasks = list(record.tasks.select_related("assignee").prefetch_related("causes"))
        visible = Record.objects.visible_to(request.user)
        changes = visible.filter(pk__in=[change.pk for change in fixes.changes_of(record.pk)])
        return {
            **found,
            "actions": [(task, task.state == TaskState.OPEN and task.due_at and task.due_at <= at) for task in tasks],
            "fixes": [(change, fixes.is_implemented(change)) for change in changes.order_by("pk")],
        }


@method_decorator(requires("problem.analyze"), name="dispatch")
class Act(View):
    """
    One change of the analysis. Scripts get the outline as it is then, others are led back to the tab.

    A refusal stands above the outline, and nothing typed is lost: the fields show it again.
    """

    tab = "analysis"

    def problem(self, number: int) -> Problem:
        found: Problem = ProblemPage.worked_on(self.request.user, number)
        return found

    def done(self, problem: Problem, act: Callable[[], Any]) -> HttpResponse:
        address = f"{problem.get_absolute_url()}{self.tab}/"
        try:
            made = act()
        except Refused as refused:
            return self.refused(problem, refused)
        if not self.request.headers.get("HX-Request"):
            return see_other(self.request, f"{address}#causes" if self.tab == "analysis" else address)
        return self.outline(problem, made=made if isinstance(made, Cause) else None)

    def refused(self, problem: Problem, refused: Refused) -> HttpResponse:
        if self.request.headers.get("HX-Request"):
            return HttpResponse(str(refused), status=422, content_type="text/plain; charset=utf-8")
        page = {"events": EventsPage}.get(self.tab, AnalysisPage)()
        fresh = ProblemPage.worked_on(self.request.user, problem.pk)
        typed = {name: value for name, value in self.request.POST.items() if name != "csrfmiddlewaretoken"}
        return page.show(self.request, fresh, refusal=refused, typed=typed, status=422)

    def outline(self, problem: Problem, *, made: Cause | None) -> HttpResponse:
        context = outline_context(self.request, problem, can_analyze=True)
        response = render(self.request, "problems/_outline.html", context)
        if made is not None:
            response["X-Cause"] = str(made.pk)
        return response

    def said(self, *names: str) -> dict[str, str]:
        return {name: self.request.POST[name] for name in names if name in self.request.POST}


class Causes(Act):
    """A new cause: below `parent`, after `after`, or last of all."""

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        problem = self.problem(number)
        parent, after = (self._cause(problem, name) for name in ("parent", "after"))
        group = request.POST.get("group", "")
        return self.done(
            problem,
            lambda: operations.add_cause(
                problem=problem,
                by=request.user,
                at=now(),
                text=request.POST.get("text", ""),
                parent=parent,
                after=after,
                group=group,
            ),
        )

    def _cause(self, problem: Problem, name: str) -> Cause | None:
        key = self.request.POST.get(name, "")
        return get_object_or_404(Cause, problem=problem, pk=_number(key)) if key else None


class OneCause(Act):
    """Change, move, judge one cause, or act on it: `act` says what."""

    def post(self, request: HttpRequest, number: int, key: int) -> HttpResponse:
        problem = self.problem(number)
        cause = get_object_or_404(Cause.objects.select_related("problem"), problem=problem, pk=key)
        about: dict[str, Any] = {"cause": cause, "by": request.user, "at": now()}
        reason = request.POST.get("reason", "")
        name = request.POST.get("act", "change")
        acts: dict[str, Callable[[], Any]] = {
            "change": lambda: operations.change_cause(**about, values=self._values()),
            "root": lambda: operations.mark_root(**about),
            "no-root": lambda: operations.unmark_root(**about),
            "disprove": lambda: operations.disprove(**about, reason=reason),
            "restore": lambda: operations.restore(**about),
            "evidence": lambda: self._add_evidence(about),
            "no-evidence": lambda: self._remove_evidence(about),
            "action": lambda: self._act_on(about),
        } | {
            direction: lambda way=direction: operations.move_cause(**about, direction=way)  # type: ignore[misc]
            for direction in ("up", "down", "in", "out")
        }
        if name not in acts:
            raise Http404
        return self.done(problem, acts[name])

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = self.said("text", "group", "method")
        if "confidence" in self.request.POST:
            values["confidence"] = _number(self.request.POST["confidence"])
        return values

    def _add_evidence(self, about: dict[str, Any]) -> Any:
        typed = self.request.POST.get("record", "")
        found = Record.objects.visible_to(self.request.user).filter(pk=parse_reference(typed) or 0).first()
        if found is None:
            raise Refused.because(
                "unknown", _("There is no record “%(typed)s”. Type a reference such as INC-1042.") % {"typed": typed}
            )
        operations.add_evidence(**about, record=found, note=self.request.POST.get("note", ""))

    def _remove_evidence(self, about: dict[str, Any]) -> Any:
        row = get_object_or_404(
            CauseEvidence, cause=about.pop("cause"), pk=_number(self.request.POST.get("evidence", ""))
        )
        operations.remove_evidence(evidence=row, **about)

    def _act_on(self, about: dict[str, Any]) -> Any:
        person = assignable_to(self.request.user).filter(pk=_number(self.request.POST.get("assignee", ""))).first()
        operations.act_on(
            **about,
            title=self.request.POST.get("title", ""),
            assignee=person,
            due_at=_moment(self.request.POST.get("due_at", "")),
        )


class Comparisons(Act):
    """A new row of the is / is-not table, or a change of one."""

    def post(self, request: HttpRequest, number: int, key: int | None = None) -> HttpResponse:
        problem = self.problem(number)
        about: dict[str, Any] = {"by": request.user, "at": now()}
        if key is None:
            dimension = request.POST.get("dimension", "")
            return self.done(
                problem,
                lambda: _nothing(
                    operations.compare(problem=problem, **about, dimension=dimension, values=self.said(*TEXTS))
                ),
            )
        row = get_object_or_404(Comparison.objects.select_related("problem"), problem=problem, pk=key)
        if request.POST.get("act") == "remove":
            return self.done(problem, lambda: operations.remove_comparison(comparison=row, **about))
        return self.done(
            problem, lambda: _nothing(operations.change_comparison(comparison=row, **about, values=self.said(*TEXTS)))
        )


class Events(Act):
    """A new event, or one to take away."""

    tab = "events"

    def post(self, request: HttpRequest, number: int, key: int | None = None) -> HttpResponse:
        problem = self.problem(number)
        about: dict[str, Any] = {"by": request.user, "at": now()}
        if key is not None:
            event = get_object_or_404(TimelineEvent.objects.select_related("problem"), problem=problem, pk=key)
            return self.done(problem, lambda: operations.remove_event(event=event, **about))
        happened_at = _moment(request.POST.get("happened_at", ""))

        def act() -> None:
            if happened_at is None:
                raise Refused.because("required", _("Say when it happened."), "happened_at")
            operations.add_event(problem=problem, **about, happened_at=happened_at, text=request.POST.get("text", ""))

        return self.done(problem, act)


def _nothing(_made: Any) -> None:
    """Rows of other tables don't move the focus of the outline."""


def _number(text: str) -> int:
    return number_in(text) or 0


def _moment(text: str) -> datetime | None:
    """A moment of the browser's own control, in the zone of the person; None where there is none."""
    try:
        found = parse_datetime(text)
        return make_aware(found) if found is not None and is_naive(found) else found
    except (ValueError, OverflowError):
        return None
