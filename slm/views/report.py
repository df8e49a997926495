"""The pages that correct when something was reported or resolved, so that its clocks begin and stop then."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.forms import tell
from common.refusals import Refused
from common.time import now
from people.access import access_of
from people.doors import requires
from records import operations
from records.models import Record

from ..queries import clocks_of


class ReportForm(forms.Form):
    """When it was reported, on the reader's wall clock, and how that is known."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    opened_at = forms.DateTimeField(
        label=gettext_lazy("Reported at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=gettext_lazy("How the moment is known"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Say how the moment is known.")},
    )


class ResolutionForm(forms.Form):
    """When it worked again, on the reader's wall clock, and how that is known."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    resolved_at = forms.DateTimeField(
        label=gettext_lazy("Resolved at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=gettext_lazy("How the moment is known"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Say how the moment is known.")},
    )


@requires("record.date_back")
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Correct when a record was reported."""
    record = _record(request, number)
    form = _form(ReportForm, request, record, "opened_at")
    said = _("The report is dated anew, and its open clocks with it.")
    return _correct(request, record, form, operations.correct_report, "slm/report.html", said=said)


@requires("record.date_back")
@require_http_methods(["GET", "POST"])
def resolution(request: HttpRequest, number: int) -> HttpResponse:
    """Correct when a record was resolved."""
    record = _record(request, number)
    if record.resolved_at is None or record.closed_at is not None:
        raise Http404
    form = _form(ResolutionForm, request, record, "resolved_at")
    said = _("The resolution is dated anew, and the clocks that stopped with it.")
    return _correct(request, record, form, operations.correct_resolution, "slm/resolution.html", said=said)


def _record(request: HttpRequest, number: int) -> Record:
    record = Record.objects.visible_to(request.user).filter(pk=number).first()
    if record is None or not access_of(request.user).allows_on("record.date_back", record):
        raise Http404
    return record


def _form(form: Any, request: HttpRequest, record: Record, name: str) -> Any:
    initial: dict[str, Any] = {name: getattr(record, name), "seen_version": record.version}
    return form(request.POST if request.method == "POST" else None, initial=initial)


def _correct(
    request: HttpRequest, record: Record, form: Any, act: Callable[..., Any], template: str, *, said: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            version = values.pop("seen_version")
            try:
                act(record=record, by=request.user, at=now(), version=version, **values)
            except Refused as refused:
                tell(form, refused.refusals)
                status = refused.status
            else:
                messages.success(request, said)
                return redirect(record.get_absolute_url())
    context = {"form": form, "record": record, "clocks": clocks_of(record, request.user, at=now())}
    return render(request, template, context, status=status)
