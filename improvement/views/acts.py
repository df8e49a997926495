"""Acts on an improvement below its page, beside the moves."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View

from common.numbers import number_in
from common.refusals import NotAllowed, Refused
from people.doors import requires
from records.enums import LinkKind
from records.forms import ReferenceField
from records.operations import link
from records.views import tabs
from records.views.base import act_and_return, see_other

from .. import operations
from ..enums import Step
from ..forms import (
    ActionForm,
    AnswersForm,
    ExpectationForm,
    JudgmentForm,
    ObservationForm,
    OptionForm,
    PinForm,
    TargetForm,
)
from ..models import Improvement, Measure, Option
from ..queries import scoring
from .improvement import ImprovementPage, StepsTab, WorkTab
from .measures import MeasuresTab


@method_decorator(requires("improvement.edit"), name="dispatch")
class Act(tabs.Act):
    """One act of a tab of an improvement."""

    def improvement(self, number: int) -> Improvement:
        found: Improvement = self.record(number)
        return found


class Pointer(Act):
    """Move the pointer to another step, or skip one: `act` says what."""

    tab = StepsTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        improvement = self.improvement(number)
        step, reason = number_in(self.said("step"), digits=1) or 0, self.said("reason")
        about: dict[str, Any] = {"improvement": improvement, **self.about(), "step": step, "version": self.version()}
        acts: dict[str, Callable[[], Any]] = {
            "": lambda: operations.go_to(**about, reason=reason),
            "skip": lambda: operations.skip(**about, reason=reason),
        }
        name = self.said("act")
        if name not in acts:
            raise Http404
        if self.said("back") == "board":
            return self._on_board(acts[name], improvement, step)
        return self.done(improvement, acts[name], typed_step=step, typed_reason=reason)

    def _on_board(self, act: Callable[[], Any], improvement: Improvement, step: int) -> HttpResponse:
        """A card that was moved leads back to the board; one that asks for a reason leads to its steps."""
        try:
            act()
        except NotAllowed:
            raise
        except Refused as refused:
            return StepsTab().show(
                self.request, self.record(improvement.pk), refusal=refused, status=409, typed_step=step
            )
        messages.success(
            self.request,
            _("%(reference)s stands at step %(number)d now: %(step)s")
            % {"reference": improvement.reference, "number": step, "step": Step(step).label},
        )
        return see_other(self.request, f"/improvements/?view=board#{improvement.reference}")


class Answers(Act):
    """Answer the questions of one step."""

    tab = StepsTab

    def post(self, request: HttpRequest, number: int, step: int) -> HttpResponse:
        improvement = self.improvement(number)
        if step not in Step.values:
            raise Http404
        form = AnswersForm(request.POST, step=Step(step))
        typed = {"typed_answers": form, "typed_step": step}
        if not form.is_valid():
            return self.again(improvement, **typed)
        return self.done(
            improvement,
            lambda: operations.answer(
                improvement=improvement, **self.about(), step=step, texts=form.cleaned_data, version=self.version()
            ),
            said=_("Saved."),
            **typed,
        )


class Ways(Act):
    """One more way to get there."""

    tab = StepsTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        improvement, form = self.improvement(number), OptionForm(request.POST, scales=scoring.scales())
        if not form.is_valid():
            return self.again(improvement, option_form=form)
        return self.done(
            improvement,
            lambda: operations.add_option(improvement=improvement, **self.about(), **form.cleaned_data),
            option_form=form,
        )


class OneWay(Act):
    """Choose one way, or take it out: `act` says what."""

    tab = StepsTab

    def post(self, request: HttpRequest, number: int, key: int) -> HttpResponse:
        improvement, name = self.improvement(number), self.said("act")
        found = get_object_or_404(Option.objects.select_related("improvement"), improvement=improvement, pk=key)
        acts: dict[str, Callable[[], Any]] = {
            "choose": lambda: operations.choose_option(option=found, **self.about()),
            "remove": lambda: operations.remove_option(option=found, **self.about()),
        }
        if name not in acts:
            raise Http404
        return self.done(improvement, acts[name])


class Effect(Act):
    """From which day on it is in effect."""

    tab = StepsTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        improvement, form = self.improvement(number), ActionForm(request.POST)
        if not form.is_valid():
            return self.again(improvement, action_form=form)
        return self.done(
            improvement,
            lambda: operations.take_effect(
                improvement=improvement, **self.about(), **form.cleaned_data, version=self.version()
            ),
            action_form=form,
            said=_("Saved."),
        )


class Observations(Act):
    """What we see now, in words."""

    tab = MeasuresTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        improvement, form = self.improvement(number), ObservationForm(request.POST)
        if not form.is_valid():
            return self.again(improvement, observation_form=form)
        return self.done(
            improvement,
            lambda: operations.observe(improvement=improvement, **self.about(), text=form.cleaned_data["text"]),
            observation_form=form,
        )


class Baselines(Act):
    """Pin the baseline of a KPI."""

    tab = MeasuresTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        improvement, form = self.improvement(number), PinForm(request.POST, viewer=request.user)
        if not form.is_valid():
            return self.again(improvement, pin_form=form)
        return self.done(
            improvement,
            lambda: operations.pin(improvement=improvement, **self.about(), **form.cleaned_data),
            pin_form=form,
        )


class OneMeasure(Act):
    """Set the target of a measure, compare or judge it, or take it out: `act` says what."""

    tab = MeasuresTab
    forms: ClassVar[dict[str, Any]] = {"expect": ExpectationForm, "judge": JudgmentForm, "target": TargetForm}
    acts: ClassVar[dict[str, Any]] = {
        "expect": operations.expect, "judge": operations.judge, "target": operations.set_target,
        "remove": operations.remove_measure, "compare": operations.compare,
    }  # fmt: skip

    def post(self, request: HttpRequest, number: int, key: int) -> HttpResponse:
        improvement, name = self.improvement(number), self.said("act")
        found = get_object_or_404(Measure.objects.select_related("improvement"), improvement=improvement, pk=key)
        about: dict[str, Any] = {"measure": found, **self.about()}
        if name not in self.acts:
            raise Http404
        if name not in self.forms:
            return self.done(improvement, lambda: self.acts[name](**about))
        form = self.forms[name](request.POST, auto_id=f"{name}-{key}-%s")
        typed = {"typed_key": key, "typed_form": form, "typed_act": name}
        if not form.is_valid():
            return self.again(improvement, **typed)
        return self.done(improvement, lambda: self.acts[name](**about, **form.cleaned_data), **typed)


class WorkLink(Act):
    """Say that a record is done for it."""

    tab = WorkTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        improvement, typed = self.improvement(number), self.said("record")
        try:
            record = ReferenceField(viewer=request.user, required=False).clean(typed)
        except ValidationError:
            record = None
        if record is None:
            return self.again(
                improvement, work_error=_("There is no such record. Type a reference such as CHG-1042."),
                typed_record=typed,
            )  # fmt: skip
        return self.done(
            improvement,
            lambda: link(record=improvement, to=record, kind=LinkKind.FIXED_BY, **self.about()),
            typed_record=typed,
        )


class Score(Act):
    """Value, effort and risk; leads back to the page, or to the matrix it came from."""

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        found = ImprovementPage.worked_on(request.user, number)
        levels = {name: _level(self.said(name)) for name in ("value", "effort", "risk")}
        return act_and_return(
            request,
            found,
            lambda: operations.score(improvement=found, **self.about(), **levels, version=self.version()),
            said=_("Scored."),
        )


@method_decorator(requires("improvement.vote"), name="dispatch")
class Voting(View):
    """Vote for it, or take the vote back."""

    http_method_names: ClassVar[list[str]] = ["post"]  # type: ignore[misc] # as Django names it

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        found = ImprovementPage.worked_on(request.user, number)
        act = operations.unvote if request.POST.get("vote") == "no" else operations.vote
        if request.POST.get("back") == "suggestions":
            try:
                act(improvement=found, by=request.user, at=now())
            except NotAllowed:
                raise
            except Refused:
                pass  # a second click on the same button: the list shows how it stands
            return see_other(request, "/improvements/?view=suggestions")
        return act_and_return(request, found, lambda: act(improvement=found, by=request.user, at=now()))


@method_decorator(requires("improvement.triage"), name="dispatch")
class Sharing(View):
    """Show it to the suggester's colleagues, or no longer."""

    http_method_names: ClassVar[list[str]] = ["post"]  # type: ignore[misc] # as Django names it

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        found = ImprovementPage.worked_on(request.user, number)
        act = operations.unshare if request.POST.get("share") == "no" else operations.share
        return act_and_return(
            request, found, lambda: act(improvement=found, by=request.user, at=now()), said=_("Saved.")
        )


def _level(typed: str) -> Any:
    return number_in(typed, digits=1)
