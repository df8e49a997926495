"""The page of a change and its tabs: plan, risk, approvals, window, run, review."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from approvals import presenting, purposes, selection
from people.access import Access
from records.rendering import render as render_text
from records.transitions import offers
from records.views import tabs
from records.views.page import RecordPage
from slm.queries import beside

from ..enums import State, StepState
from ..forms import FIELDS, ScopeForm, SlotsForm, StepForm, WindowForm
from ..models import Change, ChangeStep
from ..operations.editing import OPEN_TO_CHANGE
from ..queries import nearby
from ..queries.conflicts import Conflict, conflicts
from ..queries.facts import AUTHORIZE
from ..queries.risk import Question, Risk, questions, risk_of
from ..queries.slots import length_of

TABS = {
    "overview": gettext_lazy("Overview"),
    "plan": gettext_lazy("Plan"),
    "risk": gettext_lazy("Risk"),
    "approvals": gettext_lazy("Approvals"),
    "window": gettext_lazy("Schedule"),
    "run": gettext_lazy("Run"),
    "review": gettext_lazy("Review"),
}
PLAN_TEXTS = (
    "rationale", "benefit", "harm", "implementation_plan", "test_plan", "test_evidence", "back_out_plan",
    "back_out_trigger", "communication_plan",
)  # fmt: skip


class ChangePage(RecordPage):
    """Overview: what was said and done, and who does it."""

    kind = "change"
    list_url = "/changes/"
    fields = FIELDS
    facts = ("assignee", "team", "category", "tags", "outage_minutes", "location")
    head = "changes/_head.html"
    side = ("changes/_scope.html", *RecordPage.side)
    tab: ClassVar[str] = "overview"

    @classmethod
    def address_of(cls, record: Any, name: str) -> str:
        """Texts of the plan are shown on its tab."""
        address = super().address_of(record, name)
        return f"{address}plan/" if name in PLAN_TEXTS else address

    def context(self, request: HttpRequest, record: Change) -> dict[str, Any]:
        """As of every record, without the emergency's way around the board where there is no emergency."""
        found = super().context(request, record)
        is_offered = record.is_emergency
        found["offers"] = [each for each in found["offers"] if is_offered or each.move.name != "authorize"]
        return found

    def more(self, request: HttpRequest, record: Change, *, access: Access, at: datetime) -> Mapping[str, Any]:
        may_edit = access.allows_on("change.edit", record)
        return {
            **beside(record, request.user, at=at),
            "change_tabs": tabs.tabs_of(record, TABS, self.tab),
            "services": list(record.services.all()),
            "items": list(record.items.all()),
            "may_plan": may_edit and record.state in OPEN_TO_CHANGE,
            "may_implement": access.allows_on("change.implement", record) and record.state == State.IMPLEMENTING,
            "can_amend": record.state in (State.AUTHORIZING, State.SCHEDULED),
            "reason_label": record.get_outcome_display() or record.state_reason,
        }


class Tab(tabs.Tab, ChangePage):
    """A tab of a change."""


class PlanTab(Tab):
    tab = "plan"
    template = "changes/plan.html"

    def more(self, request: HttpRequest, record: Change, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        texts = [
            {
                "name": name,
                "label": capfirst(str(cast("Any", Change._meta.get_field(name)).verbose_name)),
                "html": render_text(getattr(record, name)),
                "is_said": bool(getattr(record, name).strip()),
            }
            for name in PLAN_TEXTS
            if name != "harm" or record.is_emergency or record.harm
        ]
        return found | {
            "texts": texts,
            "steps": steps_of(record),
            "step_form": StepForm(viewer=request.user) if found["may_plan"] else None,
        }


class ScopeTab(Tab):
    """The form of what it touches."""

    tab = "plan"
    template = "changes/scope.html"

    def more(self, request: HttpRequest, record: Change, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        initial = {"services": found["services"], "items": "\n".join(each.name for each in found["items"])}
        return found | {"form": ScopeForm(initial=initial, viewer=request.user)}


class RiskTab(Tab):
    tab = "risk"
    template = "changes/risk.html"

    def more(self, request: HttpRequest, record: Change, *, access: Access, at: datetime) -> Mapping[str, Any]:
        asked = questions(record)
        risk = risk_of(record)
        return {
            **super().more(request, record, access=access, at=at),
            "questions": asked,
            "risk": risk,
            "explained": _sum_of(asked, risk),
        }


def _sum_of(asked: list[Question], risk: Risk) -> dict[str, int] | None:
    """The arithmetic of the score, as it is shown."""
    given = [each for each in asked if each.weighed is not None]
    if risk.score is None:
        return None
    return {
        "points": sum(each.weighed or 0 for each in given),
        "most": sum(each.most for each in given),
        "open": len(asked) - len(given) + sum(each.is_for_less for each in given),
    }


class ApprovalsTab(Tab):
    tab = "approvals"
    template = "changes/approvals.html"

    def more(self, request: HttpRequest, record: Change, *, access: Access, at: datetime) -> Mapping[str, Any]:
        viewer: Any = request.user
        shown = presenting.briefly(record, viewer, at=at)
        found = [each.approval for each in shown]
        is_ahead = record.state in (State.DRAFT, State.ASSESSING) and not record.is_standard
        is_asked = any(each.is_open for each in found) or any(each.state == "approved" for each in found)
        return {
            **super().more(request, record, access=access, at=at),
            "approvals": shown,
            "policy": selection.choose(purposes.of(AUTHORIZE), record).policy if is_ahead else None,
            "is_ahead": is_ahead,
            "can_ask_board": bool(record.late_authorizer_id)
            and not record.is_done
            and not is_asked
            and access.allows_on("change.assess", record),
        }


class WindowTab(Tab):
    tab = "window"
    template = "changes/window.html"

    def more(self, request: HttpRequest, record: Change, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        initial = {"planned_from": record.planned_from, "planned_to": record.planned_to}
        can_reschedule = any(each.move.name == "reschedule" for each in offers(record, by=request.user, at=at))
        in_the_way = conflicts_of(record, request.user)
        may_move = found["may_plan"] or can_reschedule
        return found | {
            "slots_form": SlotsForm(initial={"minutes": length_of(record)}) if may_move else None,
            "window_form": WindowForm(initial=initial) if found["may_plan"] else None,
            "conflicts": in_the_way,
            "exemptible": {
                each.other.pk for each in in_the_way if each.is_freeze and access.allows_on("change.exempt", each.other)
            },
            "may_accept": access.allows_on("change.edit", record) and not record.is_done,
            "may_exempt": access.allows_on("change.exempt", record)
            and not record.is_done
            and request.user.pk not in (record.requester_id, record.assignee_id),
            "exemptions": list(record.exemptions.select_related("window", "by").order_by("pk")),
            "can_reschedule": can_reschedule,
        }


def conflicts_of(record: Change, viewer: Any) -> list[Conflict]:
    """What collides with its window now; nothing once the work has begun or the change has ended."""
    start, end = record.planned_from, record.planned_to
    if start is None or end is None or record.is_done or record.state in (State.IMPLEMENTING, State.REVIEWING):
        return []
    return conflicts(record, start, end, viewer=viewer)


class RunTab(Tab):
    tab = "run"
    template = "changes/run.html"

    def more(self, request: HttpRequest, record: Change, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        steps = steps_of(record)
        return found | {
            "steps": steps,
            "steps_done": sum(each.ended_at is not None for each in steps),
            "step_form": StepForm(viewer=request.user) if found["may_implement"] else None,
            "back_out": render_text(record.back_out_plan),
        }


class ReviewTab(Tab):
    tab = "review"
    template = "changes/review.html"

    def more(self, request: HttpRequest, record: Change, *, access: Access, at: datetime) -> Mapping[str, Any]:
        return {
            **super().more(request, record, access=access, at=at),
            "review": render_text(record.review_text),
            "nearby": nearby.incidents_after(record, request.user),
            "caused": nearby.incidents_caused(record, request.user),
        }


def steps_of(record: Change) -> list[ChangeStep]:
    steps = list(record.steps.select_related("owner", "ended_by"))
    for step in steps:
        step.tone = {StepState.FAILED: "bad", StepState.DONE: "ok", StepState.RUNNING: "info"}.get(  # type: ignore[attr-defined]
            StepState(step.state), ""
        )
    return steps
