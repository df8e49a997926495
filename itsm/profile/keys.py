"""Doors for one's own keys."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.refusals import Refused
from itsm.shell import operations
from people.doors import person_of, requires

from .forms import KeysForm


@requires("people.profile")
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Show the single keys; a POST switches them on or off and moves them, with `reset` back to the shipped ones."""
    person = person_of(request)
    form = KeysForm(request.POST if request.method == "POST" else None, user=person)
    if request.method != "POST":
        return _page(request, form)
    is_reset = "reset" in request.POST
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        operations.choose_keys(by=person, are_on=form.cleaned_data["are_on"], wanted={} if is_reset else form.wanted())
    except Refused as refused:
        for reason in refused.refusals:
            form.add_error(reason.field, str(reason))
        return _page(request, form, status=422)
    messages.success(request, _("The shipped keys are back.") if is_reset else _("Keys saved."))
    answer = HttpResponseRedirect(request.path)
    answer.status_code = 303
    return answer


def _page(request: HttpRequest, form: KeysForm, *, status: int = 200) -> HttpResponse:
    return render(request, "profile/keys.html", {"form": form}, status=status)
