"""Logging anew what came up again, for those who work on tickets."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.forms import tell
from common.refusals import NotAllowed, Refused
from common.time import now
from people.access import access_of
from people.doors import requires

from .. import operations, queries
from .ticket import TicketPage


class AgainForm(forms.Form):
    """What fails."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("What does not work"),
        max_length=10_000,
        error_messages={"required": gettext_lazy("Say what does not work.")},
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


@requires("incident.reopen")
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Ask what fails, and log it as a new ticket that follows this one."""
    record = TicketPage.worked_on(request.user, number)
    at = now()
    if not access_of(request.user).allows_on("incident.reopen", record) or not queries.is_logged_again(record, at=at):
        raise Http404
    initial: dict[str, Any] = {"seen_version": record.version}
    form = AgainForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["seen_version"]}
            try:
                fresh = operations.log_again(incident=record, by=request.user, at=at, source=record.source, **said)
            except NotAllowed:
                raise
            except Refused as refused:
                tell(form, refused.refusals)
                status = refused.status
            else:
                text = _("%(new)s was logged and follows %(old)s.")
                messages.success(request, text % {"new": fresh.reference, "old": record.reference})
                return redirect(fresh.get_absolute_url())
    return render(request, "incidents/again.html", {"form": form, "record": record}, status=status)
