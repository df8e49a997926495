"""The page that corrects when something was reported, so that its clocks begin at the provable moment."""

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
        label=gettext_lazy("How the moment is known"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


@requires("record.date_back")
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Correct when a record was reported."""
    record = Record.objects.visible_to(request.user).filter(pk=number).first()
    if record is None or not access_of(request.user).allows_on("record.date_back", record):
        raise Http404
    initial: dict[str, Any] = {"opened_at": record.opened_at, "seen_version": record.version}
    form = ReportForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                operations.correct_report(
                    record=record,
                    by=request.user,
                    at=now(),
                    opened_at=said["opened_at"],
                    reason=said["reason"],
                    version=said["seen_version"],
                )
            except Refused as refused:
                tell(form, refused.refusals)
                status = refused.status
            else:
                messages.success(request, _("The report is dated anew, and its open clocks with it."))
                return redirect(record.get_absolute_url())
    context = {"form": form, "record": record, "clocks": clocks_of(record, request.user, at=now())}
    return render(request, "slm/report.html", context, status=status)
