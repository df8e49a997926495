"""The pages that correct when something was reported or resolved, so that its clocks begin and stop then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from common.forms import tell
from common.refusals import Refused
from common.time import now
from people.access import access_of
from people.doors import requires
from records import operations
from records.forms import MomentField
from records.models import Record

from ..queries import clocks_of


@dataclass(frozen=True)
class Correction:
    """
    A moment of a record that can be dated back.

    :ivar moment: the name of the field, of the record and of the operation alike. :ivar said: when it was done.
    """

    moment: str
    act: Callable[..., Any]
    heading: Any
    label: Any
    explained: Any
    said: Any


REPORT = Correction(
    moment="opened_at",
    act=operations.correct_report,
    heading=_("When it was reported"),
    label=_("Reported at"),
    explained=_(
        "The clocks that still run begin at the provable moment of the report: when the mail came, the phone rang or"
        " monitoring saw it. It lies at most 7 days before the record was made and never after it. What has ended stays"
        " as it is, and the history keeps who corrected it and why."
    ),
    said=_("The report is dated anew, and its open clocks with it."),
)
RESOLUTION = Correction(
    moment="resolved_at",
    act=operations.correct_resolution,
    heading=_("When it was resolved"),
    label=_("Resolved at"),
    explained=_(
        "The clocks that stopped with the resolution stop at the provable moment at which it worked again, and are"
        " judged by it. It lies before what is recorded, at most 7 days, and after the last words of the requester that"
        " it fails. Answers keep their moment, and the history keeps who corrected it and why."
    ),
    said=_("The resolution is dated anew, and the clocks that stopped with it."),
)


class MomentForm(forms.Form):
    """A moment on the reader's wall clock, and how it is known."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("How the moment is known"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Say how the moment is known.")},
    )

    def __init__(self, *args: Any, correction: Correction, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[correction.moment] = MomentField(label=correction.label)
        self.order_fields([correction.moment, "reason"])


@requires("record.date_back")
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Correct when a record was reported."""
    return _correct(request, _record(request, number), REPORT)


@requires("record.date_back")
@require_http_methods(["GET", "POST"])
def resolution(request: HttpRequest, number: int) -> HttpResponse:
    """Correct when a record was resolved."""
    record = _record(request, number)
    if record.resolved_at is None or record.closed_at is not None:
        raise Http404
    return _correct(request, record, RESOLUTION)


def _record(request: HttpRequest, number: int) -> Record:
    record = Record.objects.visible_to(request.user).filter(pk=number).first()
    if record is None or not access_of(request.user).allows_on("record.date_back", record):
        raise Http404
    return record


def _correct(request: HttpRequest, record: Record, correction: Correction) -> HttpResponse:
    initial = {correction.moment: getattr(record, correction.moment), "seen_version": record.version}
    data, status = request.POST if request.method == "POST" else None, 200
    form = MomentForm(data, initial=initial, correction=correction)
    if data is not None:
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            version = values.pop("seen_version")
            try:
                correction.act(record=record, by=request.user, at=now(), version=version, **values)
            except Refused as refused:
                tell(form, refused.refusals)
                status = refused.status
            else:
                messages.success(request, correction.said)
                return redirect(record.get_absolute_url())
    context = {
        "form": form,
        "correction": correction,
        "record": record,
        "clocks": clocks_of(record, request.user, at=now()),
    }
    return render(request, "slm/dating.html", context, status=status)
