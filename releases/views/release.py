"""The page of a release and its tabs: contents, plan, readiness, deployments, early life, history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from approvals import presenting, purposes, selection
from approvals import queries as approval_queries
from people.access import Access
from records.models import Record
from records.rendering import render as render_text
from records.views import tabs
from records.views.page import RecordPage
from slm.queries import beside

from ..enums import Result, State, Verdict
from ..forms import FIELDS, ChangeForm, ScopeForm, WaveEndForm, WaveForm, WindowForm
from ..models import Release
from ..operations.contents import OPEN_TO_ADD, OPEN_TO_TAKE_OUT
from ..operations.criteria import OPEN_TO_WRITE
from ..operations.deploying import OPEN_TO_PLAN as OPEN_TO_DEPLOY
from ..operations.deploying import OPEN_TO_TRY
from ..operations.editing import OPEN_TO_PLAN
from ..operations.signing import OPEN_TO_SIGN, has_role
from ..queries import contents, early_life
from ..queries.facts import GO

TABS = {
    "overview": gettext_lazy("Overview"),
    "contents": gettext_lazy("Contents"),
    "plan": gettext_lazy("Plan"),
    "readiness": gettext_lazy("Readiness"),
    "deployments": gettext_lazy("Deployments"),
    "early-life": gettext_lazy("Early life"),
    "history": gettext_lazy("History"),
}
PLAN_TEXTS = ("release_notes", "known_errors", "deployment_plan", "back_out_plan", "communication_plan")
EXIT_FIELDS = ("early_life_days", "quiet_days", "quiet_priority", "most_incidents")
TONES = {
    Verdict.MET: "ok", Verdict.FAILED: "bad", Verdict.WAIVED: "warn", Result.SUCCESSFUL: "ok", Result.FAILED: "bad",
    Result.BACKED_OUT: "bad", Result.RUNNING: "info",
}  # fmt: skip
OFFERED = 10


class ReleasePage(RecordPage):
    """Overview: what was said and done, and who does it."""

    kind = "release"
    list_url = "/releases/"
    fields = FIELDS
    facts = ("version_name", "build_reference", "assignee", "team", "category", "tags")
    head = "releases/_head.html"
    side = ("releases/_scope.html", *RecordPage.side)
    tab: ClassVar[str] = "overview"

    def rows(self, record: Release, *, can_edit: bool) -> list[dict[str, Any]]:
        """What the tests looked at can be edited until they begin."""
        found = super().rows(record, can_edit=can_edit)
        if record.state not in OPEN_TO_ADD:
            for row in found:
                if row["name"] in ("version_name", "build_reference"):
                    row["edit_url"] = ""
        for row in found:
            if row["name"] == "assignee":
                row["label"] = gettext_lazy("Release manager")
        if record.owner is None and can_edit:
            found.append(
                {
                    "name": "owner",
                    "label": gettext_lazy("Owner"),
                    "value": None,
                    "edit_url": f"{record.get_absolute_url()}fields/owner/",
                }
            )
        return found

    def more(self, request: HttpRequest, record: Release, *, access: Access, at: datetime) -> Mapping[str, Any]:
        may_edit = access.allows_on("release.edit", record)
        current = "history" if self.tab == "overview" and request.GET.get("show") == "history" else self.tab
        addresses = {"history": f"{record.get_absolute_url()}?show=history"}
        return {
            "release_tabs": tabs.tabs_of(record, TABS, current, addresses=addresses),
            "services": list(record.services.all()),
            "may_set_scope": may_edit and not record.is_done,
            "may_plan": may_edit and record.state in OPEN_TO_PLAN,
            "may_deploy": access.allows_on("release.deploy", record),
            "may_edit": may_edit,
            **beside(record, request.user, at=at),
        }


class Tab(tabs.Tab, ReleasePage):
    """A tab of a release."""


class ContentsTab(Tab):
    tab = "contents"
    template = "releases/contents.html"

    def more(self, request: HttpRequest, record: Release, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        inside = contents.contents_of(record)
        keys = [each.record.pk for each in inside]
        seen = set(Record.objects.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
        may_add = access.allows_on("release.edit", record) and record.state in OPEN_TO_ADD
        return found | {
            "contents": [each for each in inside if each.record.pk in seen],
            "hidden_count": len(keys) - len(seen),
            "authorized_count": sum(each.is_authorized for each in inside),
            "all_count": len(inside),
            "fixes": contents.fixes_in(record, request.user),
            "may_add": may_add,
            "may_take_out": access.allows_on("release.edit", record) and record.state in OPEN_TO_TAKE_OUT,
            "change_form": ChangeForm(viewer=request.user) if may_add else None,
            "addable": contents.addable(record, request.user)[:OFFERED] if may_add else [],
        }


class PlanTab(Tab):
    tab = "plan"
    template = "releases/plan.html"

    def more(self, request: HttpRequest, record: Release, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        texts = [
            {
                "name": name,
                "label": _label(name),
                "html": render_text(getattr(record, name)),
                "is_said": bool(getattr(record, name).strip()),
                "may_write": found["may_edit"]
                and not record.is_done
                and (found["may_plan"] or name not in ("deployment_plan", "back_out_plan")),
            }
            for name in PLAN_TEXTS
        ]
        is_promised = record.promised_to is not None
        initial = {"planned_from": record.planned_from, "planned_to": record.planned_to}
        return found | {
            "texts": texts,
            "window_form": WindowForm(initial=initial, is_promised=is_promised) if found["may_plan"] else None,
            "is_moved": is_promised and record.promised_to != record.planned_to,
        }


class ScopeTab(Tab):
    """The form of its services."""

    tab = "plan"
    template = "releases/scope.html"

    def more(self, request: HttpRequest, record: Release, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        return found | {"form": ScopeForm(initial={"services": found["services"]}, viewer=request.user)}


class ReadinessTab(Tab):
    tab = "readiness"
    template = "releases/readiness.html"

    def more(self, request: HttpRequest, record: Release, *, access: Access, at: datetime) -> Mapping[str, Any]:
        viewer: Any = request.user
        lines = list(record.checklist.select_related("signed_by"))
        may_sign = access.allows_on("release.sign", record) and record.state in OPEN_TO_SIGN
        criteria = list(record.criteria.select_related("by"))
        for each in criteria:
            each.tone = TONES.get(Verdict(each.verdict), "")  # type: ignore[attr-defined] # for the page
        is_tested = record.state == State.TESTING
        approvals = presenting.briefly(record, viewer, at=at)
        is_decided = (
            any(each.approval.is_open for each in approvals) or approval_queries.standing(record, GO) is not None
        )
        policy = selection.choose(purposes.of(GO), record).policy if not record.is_done else None
        is_ahead = record.state in (State.PLANNING, State.BUILDING, State.TESTING)
        return {
            **super().more(request, record, access=access, at=at),
            "criteria": criteria,
            "settled_count": sum(each.is_settled for each in criteria),
            "may_write": access.allows_on("release.edit", record) and record.state in OPEN_TO_WRITE,
            "may_remove": access.allows_on("release.edit", record) and record.state in OPEN_TO_ADD,
            "may_judge": is_tested and access.allows_on("release.judge", record),
            "may_waive": is_tested and viewer.pk == record.owner_id and access.allows_on("release.judge", record),
            "lines": [{"line": each, "is_mine": may_sign and has_role(viewer, each.role, record)} for each in lines],
            "signed_count": sum(each.signed_at is not None for each in lines),
            "policy": policy if is_ahead else None,
            "is_ahead": is_ahead,
            "approvals": approvals,
            "can_ask": record.state == State.READY
            and policy is not None
            and not is_decided
            and access.allows_on("release.make_ready", record),
        }


class DeploymentsTab(Tab):
    tab = "deployments"
    template = "releases/deployments.html"

    def more(self, request: HttpRequest, record: Release, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        waves = list(record.deployments.select_related("began_by", "ended_by", "repeats"))
        repeated = {each.repeats_id for each in waves}
        may_plan = found["may_edit"] and record.state in OPEN_TO_DEPLOY
        for each in waves:
            starts = record.state == State.DEPLOYING if each.is_live else record.state in OPEN_TO_TRY
            each.tone = TONES.get(Result(each.result), "")  # type: ignore[attr-defined] # these four for the page
            each.may_start = found["may_deploy"] and starts and each.result == Result.PLANNED  # type: ignore[attr-defined]
            each.may_end = found["may_deploy"] and each.result == Result.RUNNING  # type: ignore[attr-defined]
            each.may_repeat = (  # type: ignore[attr-defined]
                may_plan and each.result in (Result.FAILED, Result.BACKED_OUT) and each.pk not in repeated
            )
        return found | {
            "waves": waves,
            "ended_count": sum(each.has_ended for each in waves),
            "may_plan_waves": may_plan,
            "wave_form": WaveForm() if may_plan else None,
            "end_form": WaveEndForm(),
            "back_out": render_text(record.back_out_plan),
            "waits_for_deploying": record.state in OPEN_TO_PLAN,
        }


class EarlyLifeTab(Tab):
    tab = "early-life"
    template = "releases/early_life.html"

    def more(self, request: HttpRequest, record: Release, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        caused = early_life.caused(record)
        return found | {
            "exit_criteria": early_life.exit_criteria(record, at=at),
            "exit_fields": [
                {
                    "name": name,
                    "label": _label(name),
                    "value": record.get_quiet_priority_display() if name == "quiet_priority" else getattr(record, name),
                }
                for name in EXIT_FIELDS
            ],
            "caused": early_life.visible(caused, request.user),
            "caused_count": caused.count(),
            "nearby": early_life.candidates(record, request.user),
            "review": render_text(record.review_text),
            "may_close": record.is_in_early_life and access.allows_on("release.close", record),
        }


def _label(name: str) -> str:
    return capfirst(str(cast("Any", Release._meta.get_field(name)).verbose_name))
