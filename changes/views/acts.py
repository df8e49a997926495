"""Acts on a change below its page, beside the moves: scope, risk, window, conflicts, exemptions, steps."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.timezone import is_aware, now
from django.utils.translation import gettext as _

from common.numbers import number_in
from common.refusals import Refused
from people.doors import requires
from records.enums import LinkKind
from records.models import Record
from records.operations import link
from records.views import tabs

from .. import operations
from ..enums import StepState
from ..forms import ScopeForm, SlotsForm, StepForm, WindowForm
from ..models import Change, ChangeStep, Exemption
from ..queries.freezing import windows_visible_to
from ..queries.slots import length_of, propose
from .change import ApprovalsTab, PlanTab, ReviewTab, RiskTab, RunTab, ScopeTab, WindowTab


@method_decorator(requires("change.edit"), name="dispatch")
class Act(tabs.Act):
    """One act of a tab of a change."""

    def change(self, number: int) -> Change:
        found: Change = self.record(number)
        return found


class Scope(Act):
    """Say what it touches; GET asks."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]  # type: ignore[misc] # as above
    tab = ScopeTab

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return ScopeTab().show(request, self.change(number))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change, form = self.change(number), ScopeForm(request.POST, viewer=request.user)
        if not form.is_valid():
            return self.again(change, form=form)
        said = {"services": form.cleaned_data["services"], "items": form.cleaned_data["items"]}
        return self.done(
            change,
            lambda: operations.set_scope(change=change, **self.about(), **said, version=self.version()),
            form=form,
            said=_("Saved."),
        )


class Risk(Act):
    tab = RiskTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change = self.change(number)
        answers = {
            name.removeprefix("risk-"): int(value)
            for name, value in request.POST.items()
            if name.startswith("risk-") and value in {"0", "1", "2", "3", "4"}
        }
        return self.done(
            change,
            lambda: operations.answer_risk(change=change, **self.about(), answers=answers, version=self.version()),
            said=_("Saved."),
        )


class Window(Act):
    tab = WindowTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change, form = self.change(number), WindowForm(request.POST)
        if not form.is_valid():
            return self.again(change, window_form=form)
        return self.done(
            change,
            lambda: operations.plan_window(change=change, **self.about(), **form.cleaned_data, version=self.version()),
            window_form=form,
            said=_("Saved."),
        )


class Slots(Act):
    """Windows that suit it: GET suggests them, POST takes one, provided that it still is free."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]  # type: ignore[misc] # as above
    tab = WindowTab

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        change, at = self.change(number), now()
        form = SlotsForm(request.GET if "minutes" in request.GET else {"minutes": length_of(change)})
        if not form.is_valid():
            return self.again(change, slots_form=form)
        try:
            found = propose(change, viewer=request.user, at=at, minutes=form.cleaned_data["minutes"])
        except Refused as refused:
            return self.tab().show(request, change, refusal=refused, status=409, slots_form=form)
        return self.tab().show(request, change, slots=found, slots_form=form)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change, start, end = self.change(number), moment_of(self.said("from")), moment_of(self.said("to"))
        if start is None or end is None:
            raise Http404
        said: dict[str, Any] = {"planned_from": start, "planned_to": end, "reason": self.said("reason")}
        return self.done(
            change,
            lambda: operations.take_window(change=change, **self.about(), **said, version=self.version()),
            said=_("The window is planned."),
            typed_reason=self.said("reason"),
            typed_from=self.said("from"),
        )


class Acceptance(Act):
    """Accept one conflict and say why it does no harm."""

    tab = WindowTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change, key = self.change(number), self.said("key")
        return self.done(
            change,
            lambda: operations.accept_conflict(change=change, **self.about(), key=key, reason=self.said("reason")),
            typed_key=key,
            typed_reason=self.said("reason"),
        )


@method_decorator(requires("change.exempt"), name="dispatch")
class Exempting(Act):
    """Let it happen in a freeze, or take that back: `withdraw` names an exemption."""

    tab = WindowTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change, reason = self.change(number), self.said("reason")
        if "withdraw" in request.POST:
            exemption = get_object_or_404(Exemption, change=change, pk=_key(self.said("withdraw")))
            return self.done(
                change, lambda: operations.withdraw_exemption(exemption=exemption, **self.about(), reason=reason)
            )
        window = get_object_or_404(windows_visible_to(request.user), is_active=True, pk=_key(self.said("window")))
        return self.done(
            change,
            lambda: operations.exempt(change=change, window=window, **self.about(), reason=reason),
            typed_key=self.said("key"),
            typed_reason=reason,
        )


class Steps(Act):
    """A new step, planned or found necessary under way."""

    tab = PlanTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        if self.said("tab") == "run":
            self.tab = RunTab  # type: ignore[misc, assignment] # of this request only
        change, form = self.change(number), StepForm(request.POST, viewer=request.user)
        if not form.is_valid():
            return self.again(change, step_form=form)
        return self.done(
            change, lambda: operations.add_step(change=change, **self.about(), **form.cleaned_data), step_form=form
        )


class OneStep(Act):
    """Move, take out, stamp one step: `act` says what."""

    tab = PlanTab

    def post(self, request: HttpRequest, number: int, key: int) -> HttpResponse:
        name = self.said("act")
        if name not in ("up", "down", "remove"):
            self.tab = RunTab  # type: ignore[misc, assignment] # of this request only
        change = self.change(number)
        step = get_object_or_404(ChangeStep.objects.select_related("change"), change=change, pk=key)
        about: dict[str, Any] = {"step": step, **self.about()}
        ends = {"done": StepState.DONE, "skip": StepState.SKIPPED, "fail": StepState.FAILED}
        acts: dict[str, Callable[[], Any]] = {
            "up": lambda: operations.move_step(**about, position=step.position - 1),
            "down": lambda: operations.move_step(**about, position=step.position + 1),
            "remove": lambda: operations.remove_step(**about),
            "start": lambda: operations.start_step(**about),
            "reopen": lambda: operations.reopen_step(**about),
            **{
                word: lambda state=state: operations.end_step(**about, state=state, note=self.said("note"))  # type: ignore[misc]
                for word, state in ends.items()
            },
        }
        if name not in acts:
            raise Http404
        return self.done(change, acts[name], typed_step=key, typed_note=self.said("note"))


@method_decorator(requires("change.implement"), name="dispatch")
class BackOut(Act):
    """Give it up in one act."""

    tab = RunTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change, reason = self.change(number), self.said("reason")
        return self.done(
            change,
            lambda: operations.back_out(change=change, **self.about(), reason=reason, version=self.version()),
            said=_("Backed out."),
            typed_back_out=reason,
        )


@method_decorator(requires("change.assess"), name="dispatch")
class Asking(Act):
    """Ask for the late approval again."""

    tab = ApprovalsTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change = self.change(number)
        return self.done(change, lambda: operations.ask_board(change=change, **self.about()), said=_("Asked."))


@method_decorator(requires("record.link"), name="dispatch")
class Caused(Act):
    """Say that an incident close by came from the change."""

    tab = ReviewTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        change = self.change(number)
        rows = Record.objects.visible_to(request.user).filter(kind="incident", pk=_key(self.said("incident")))
        incident = get_object_or_404(rows)
        return self.done(
            change,
            lambda: link(record=incident.specific, to=change, kind=LinkKind.CAUSED_BY, **self.about()),
            said=_("Linked."),
        )


def moment_of(typed: str) -> datetime | None:
    """An aware moment as a card of a suggested window sends it; None for anything else."""
    try:
        found = parse_datetime(typed)
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None


def _key(typed: str) -> int:
    return number_in(typed) or 0
