"""Acts on a release below its page, beside the moves: contents, window, criteria, signatures, waves, what it caused."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from common.numbers import number_in
from people.doors import requires
from records.enums import LinkKind
from records.models import Link, Record
from records.operations import link
from records.views import tabs

from .. import operations
from ..forms import ChangeForm, ScopeForm, WaveEndForm, WaveForm, WindowForm
from ..models import AcceptanceCriterion, Deployment, ReadinessItem, Release
from .release import ContentsTab, DeploymentsTab, EarlyLifeTab, PlanTab, ReadinessTab, ScopeTab


@method_decorator(requires("release.edit"), name="dispatch")
class Act(tabs.Act):
    """One act of a tab of a release."""

    def release(self, number: int) -> Release:
        found: Release = self.record(number)
        return found


class Scope(Act):
    """Say for which services it is; GET asks."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]  # type: ignore[misc] # as above
    tab = ScopeTab

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return ScopeTab().show(request, self.release(number))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        release, form = self.release(number), ScopeForm(request.POST, viewer=request.user)
        if not form.is_valid():
            return self.again(release, form=form)
        return self.done(
            release,
            lambda: operations.set_scope(
                release=release, **self.about(), services=form.cleaned_data["services"], version=self.version()
            ),
            form=form,
            said=_("Saved."),
        )


class Window(Act):
    tab = PlanTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        release = self.release(number)
        form = WindowForm(request.POST, is_promised=release.promised_to is not None)
        if not form.is_valid():
            return self.again(release, window_form=form)
        return self.done(
            release,
            lambda: operations.plan_window(
                release=release, **self.about(), **form.cleaned_data, version=self.version()
            ),
            window_form=form,
            said=_("Saved."),
        )


class Contents(Act):
    """Put a change in, or take one out: `out` names its link."""

    tab = ContentsTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        release = self.release(number)
        if "out" in request.POST:
            found = get_object_or_404(Link, to_record=release.pk, kind=LinkKind.RELEASED_IN, pk=_key(self.said("out")))
            return self.done(release, lambda: operations.take_out(release=release, link=found, **self.about()))
        form = ChangeForm(request.POST, viewer=request.user)
        if not form.is_valid():
            return self.again(release, change_form=form)
        return self.done(
            release,
            lambda: operations.add_change(release=release, change=form.cleaned_data["change"], **self.about()),
            change_form=form,
        )


class Criteria(Act):
    """Something more that it must fulfill."""

    tab = ReadinessTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        release, text = self.release(number), self.said("text")
        return self.done(
            release,
            lambda: operations.add_criterion(release=release, **self.about(), text=text),
            typed_criterion=text,
        )


@method_decorator(requires("release.judge"), name="dispatch")
class OneCriterion(Act):
    """Judge, waive or take out one criterion: `act` says what."""

    tab = ReadinessTab

    def post(self, request: HttpRequest, number: int, key: int) -> HttpResponse:
        release, name, note = self.release(number), self.said("act"), self.said("note")
        found = get_object_or_404(AcceptanceCriterion.objects.select_related("release"), release=release, pk=key)
        about: dict[str, Any] = {"criterion": found, **self.about()}
        acts: dict[str, Callable[[], Any]] = {
            "met": lambda: operations.judge(**about, is_met=True, note=note),
            "failed": lambda: operations.judge(**about, is_met=False, note=note),
            "waive": lambda: operations.waive(**about, reason=note),
            "remove": lambda: operations.remove_criterion(**about),
        }
        if name not in acts:
            raise Http404
        return self.done(release, acts[name], typed_key=key, typed_note=note)


@method_decorator(requires("release.sign"), name="dispatch")
class Signature(Act):
    """Sign one line of the checklist, or take the signature back: `act` says what."""

    tab = ReadinessTab

    def post(self, request: HttpRequest, number: int, key: int) -> HttpResponse:
        release, name, note = self.release(number), self.said("act"), self.said("note")
        found = get_object_or_404(ReadinessItem.objects.select_related("release"), release=release, pk=key)
        about: dict[str, Any] = {"item": found, **self.about()}
        acts: dict[str, Callable[[], Any]] = {
            "sign": lambda: operations.sign(**about, note=note),
            "unsign": lambda: operations.unsign(**about, reason=note),
        }
        if name not in acts:
            raise Http404
        return self.done(release, acts[name], typed_line=key, typed_note=note)


@method_decorator(requires("release.make_ready"), name="dispatch")
class Asking(Act):
    """Ask for go or no-go again."""

    tab = ReadinessTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        release = self.release(number)
        return self.done(release, lambda: operations.ask_go(release=release, **self.about()), said=_("Asked."))


class Waves(Act):
    """One more deployment."""

    tab = DeploymentsTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        release, form = self.release(number), WaveForm(request.POST)
        if not form.is_valid():
            return self.again(release, wave_form=form)
        return self.done(
            release,
            lambda: operations.add_deployment(release=release, **self.about(), **form.cleaned_data),
            wave_form=form,
        )


@method_decorator(requires("release.deploy"), name="dispatch")
class OneWave(Act):
    """Start, end, repeat or take out one deployment: `act` says what."""

    tab = DeploymentsTab

    def post(self, request: HttpRequest, number: int, key: int) -> HttpResponse:
        release, name = self.release(number), self.said("act")
        found = get_object_or_404(Deployment.objects.select_related("release"), release=release, pk=key)
        about: dict[str, Any] = {"deployment": found, **self.about()}
        ended = WaveEndForm(request.POST) if name == "end" else WaveEndForm()
        acts: dict[str, Callable[[], Any]] = {
            "start": lambda: operations.start_deployment(**about),
            "end": lambda: operations.end_deployment(
                **about, result=self.said("result"), verification=self.said("verification")
            ),
            "repeat": lambda: operations.repeat(**about),
            "remove": lambda: operations.remove_deployment(**about),
        }
        if name not in acts:
            raise Http404
        return self.done(release, acts[name], typed_key=key, typed_end=ended)


@method_decorator(requires("record.link"), name="dispatch")
class Caused(Act):
    """Say that an incident came from the release."""

    tab = EarlyLifeTab

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        release = self.release(number)
        rows = Record.objects.visible_to(request.user).filter(kind="incident", pk=_key(self.said("incident")))
        incident = get_object_or_404(rows)
        return self.done(
            release,
            lambda: link(record=incident.specific, to=release, kind=LinkKind.CAUSED_BY, **self.about()),
            said=_("Linked."),
        )


def _key(typed: str) -> int:
    return number_in(typed) or 0
