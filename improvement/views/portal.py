"""Suggestions in the portal: one's own with what became of them, and those of colleagues to vote for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from audit.acts import acting
from audit.models import Channel
from people.access import access_of
from people.doors import requires
from records import once
from records.rendering import render as render_text
from records.views.base import pressed
from records.views.making import made_once

from .. import operations
from ..enums import State
from ..forms import SuggestionForm
from ..queries.register import told_in_portal

ADDRESS = "/portal/improvements/"
SHOWN = 50
TOLD = {
    State.SUGGESTED: lambda: _("We have it. Somebody will look at it."),
    State.ACCEPTED: lambda: _("Accepted. It will be planned."),
    State.ACTIVE: lambda: _("We are working on it."),
    State.ON_HOLD: lambda: _("Accepted, and waiting for its turn."),
    State.REALIZED: lambda: _("Done, and it helped."),
    State.PARTLY_REALIZED: lambda: _("Done, and it helped in part."),
    State.NOT_REALIZED: lambda: _("Tried, and it did not help as we hoped."),
    State.DECLINED: lambda: _("We will not do it."),
    State.WITHDRAWN: lambda: _("You took it back."),
}


@requires("improvement.suggest")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One's own suggestions, then those of colleagues."""
    found = list(told_in_portal(request.user)[: 2 * SHOWN])
    rows = [
        {"each": each, "told": TOLD[State(each.state)](), "reply": render_text(each.reply_text),
         "text": render_text(each.description), "can_vote": not each.is_done,
         "can_withdraw": each.requester_id == request.user.pk and each.state in (State.SUGGESTED, State.ACCEPTED)
         and access_of(request.user).allows_on("improvement.withdraw", each)}
        for each in found
    ]  # fmt: skip
    own = [row for row in rows if row["each"].requester_id == request.user.pk]
    context = {"own": own[:SHOWN], "others": [row for row in rows if row not in own][:SHOWN]}
    return render(request, "improvement/portal.html", context)


@method_decorator(requires("improvement.suggest"), name="dispatch")
class Suggest(View):
    """One line is enough."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._ask(request, SuggestionForm(viewer=request.user), once.new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SuggestionForm(request.POST, viewer=request.user)

        def ask(token: str, status: int) -> HttpResponse:
            return self._ask(request, form, token, status=status)

        with acting(channel=Channel.PORTAL):
            return made_once(request, form, lambda: self._write(request, form), ask=ask)

    def _write(self, request: HttpRequest, form: SuggestionForm) -> str:
        made = operations.suggest(by=request.user, at=now(), **form.cleaned_data)
        messages.success(
            request, _("We have it: %(reference)s. You read here what becomes of it.") % {"reference": made.reference}
        )
        return ADDRESS

    def _ask(self, request: HttpRequest, form: SuggestionForm, token: str, *, status: int = 200) -> HttpResponse:
        return render(request, "improvement/portal_new.html", {"form": form, "token": token}, status=status)


@requires("improvement.vote")
@require_POST
def vote(request: HttpRequest, number: int) -> HttpResponse:
    """Vote for a suggestion, or take the vote back."""
    act = operations.unvote if request.POST.get("vote") == "no" else operations.vote
    return _acted(request, number, lambda found: act(improvement=found, by=request.user, at=now()))


@requires("improvement.withdraw")
@require_POST
def withdrawal(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's own suggestion back."""
    reason = request.POST.get("reason", "")
    return _acted(
        request, number, lambda found: operations.withdraw(improvement=found, by=request.user, at=now(), reason=reason)
    )


def _acted(request: HttpRequest, number: int, act: Any) -> HttpResponse:
    found = get_object_or_404(told_in_portal(request.user), pk=number)
    with acting(channel=Channel.PORTAL):
        return pressed(request, lambda: act(found), url=ADDRESS)
