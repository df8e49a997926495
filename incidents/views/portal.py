"""The requester's view of their own tickets. Works without script; shows nothing of the inner side."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from audit.acts import acting
from audit.models import Channel
from common.numbers import number_in
from people.access import access_of
from people.doors import person_of, requires
from records import once, timeline
from records.enums import Level, Source
from records.models import Attachment, Draft
from records.rendering import render as render_text
from records.transitions import offers
from records.views.base import pressed, record_or_404, see_other
from records.views.making import made_once

from .. import operations, portal
from ..forms import ReportForm
from ..models import Incident
from ..queries import is_logged_again

SHOW = {"open": "open", "done": "done", "all": ""}


@requires("incident.create")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One's own tickets in plain words."""
    show = request.GET.get("show", "open")
    is_theirs = "organization" in request.GET
    found = portal.requests_of(request.user, show=SHOW.get(show, "open"), whole_organization=is_theirs)
    before = number_in(request.GET.get("before"))
    if before is not None:
        found = found.filter(pk__lt=before)
    shown = list(found[: portal.SHOWN_AT_MOST + 1])
    return render(
        request,
        "incidents/portal_home.html",
        {
            "tickets": [(ticket, portal.tell(ticket)) for ticket in shown[: portal.SHOWN_AT_MOST]],
            "older": shown[portal.SHOWN_AT_MOST - 1].pk if len(shown) > portal.SHOWN_AT_MOST else None,
            "show": show if show in SHOW else "open",
            "whole": is_theirs,
            "manages": portal.manages_organization(request.user),
        },
    )


@requires("record.view")
@require_safe
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    """One ticket: where it stands, who has it, when it should be solved, what was said."""
    record = _seen(request, number)
    if request.path != (address := _address(record)):
        return see_other(request, address)
    moment, access = now(), access_of(request.user)
    files = list(Attachment.objects.filter(record_id=record.pk, is_public=True).order_by("at", "pk"))
    reply = Draft.objects.filter(user=person_of(request), record_id=record.pk, composer="reply").first()
    possible = {offer.move.name for offer in offers(record, by=request.user, at=moment) if offer.is_possible}
    return render(
        request,
        "incidents/portal_ticket.html",
        {
            "record": record,
            "told": portal.tell(record),
            "description": render_text(record.description),
            "steps": portal.STEPS,
            "expected": portal.expected(record, at=moment),
            "lines": timeline.of_requester(record, files=files),
            "files": [each for each in files if each.comment_id is None],
            "reply": reply,
            "can_reply": access.allows_on("record.reply", record) and record.closed_at is None,
            "can_close": "close" in possible,
            "can_reopen": "reopen" in possible,
            "can_log_again": access.allows_on("incident.reopen", record) and is_logged_again(record, at=moment),
        },
    )


def _seen(request: HttpRequest, number: int) -> Any:
    found = (
        Incident.objects.visible_to(request.user)
        .select_related("service", "assignee", "requester", "organization")
        .filter(pk=number)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _address(record: Incident) -> str:
    return f"/portal/requests/{record.reference}/"


@requires("incident.close")
@require_POST
def confirmation(request: HttpRequest, number: int) -> HttpResponse:
    """Solved now: the requester says that it works, and the ticket is closed."""
    record = record_or_404(request.user, number, Incident)
    is_requester = record.requester_id == request.user.pk
    return _acted(
        request,
        record,
        lambda: operations.close(incident=record, by=request.user, at=now(), confirmed_by_requester=not is_requester),
        said=_("Thank you. %(reference)s is closed.") % {"reference": record.reference},
    )


@requires("incident.reopen")
@require_POST
def reopening(request: HttpRequest, number: int) -> HttpResponse:
    """It is not solved: work starts again, with what the requester says in front of everybody."""
    record = record_or_404(request.user, number, Incident)
    reason = request.POST.get("reason", "")
    return _acted(
        request,
        record,
        lambda: operations.reopen(incident=record, by=request.user, at=now(), reason=reason),
        said=_("%(reference)s is open again.") % {"reference": record.reference},
    )


@requires("incident.reopen")
@require_POST
def recurrence(request: HttpRequest, number: int) -> HttpResponse:
    """It fails again, and this ticket can't be reopened: a new one that follows it, with what the requester says."""
    record = record_or_404(request.user, number, Incident)
    reason = request.POST.get("reason", "")

    def log() -> Incident:
        return operations.log_again(incident=record, by=request.user, at=now(), reason=reason, source=Source.PORTAL)

    with acting(channel=Channel.PORTAL):
        return pressed(
            request, log, url=_address, back=_address(record),
            said=lambda fresh: _("Thank you. Your new ticket is %(reference)s.") % {"reference": fresh.reference},
        )  # fmt: skip


def _acted(request: HttpRequest, record: Incident, act: Any, *, said: str) -> HttpResponse:
    with acting(channel=Channel.PORTAL):
        return pressed(request, act, url=_address(record), said=said)


@method_decorator(requires("incident.create"), name="dispatch")
class Report(View):
    """Report a problem: four questions, one of them required."""

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"title": request.GET.get("text", ""), "service": request.GET.get("service", "")}
        return self._ask(request, ReportForm(initial=initial, viewer=request.user), once.new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReportForm(request.POST, viewer=request.user)

        def ask(token: str, status: int) -> HttpResponse:
            return self._ask(request, form, token, status=status)

        with acting(channel=Channel.PORTAL):
            return made_once(request, form, lambda: self._log(request, form), ask=ask)

    def _log(self, request: HttpRequest, form: ReportForm) -> str:
        record = operations.create(
            by=request.user,
            at=now(),
            requester=request.user,
            impact=Level.LOW,
            source=Source.PORTAL,
            **form.cleaned_data,
        )
        messages.success(
            request,
            _("We have it: %(reference)s. You read here what becomes of it.") % {"reference": record.reference},
        )
        return _address(record)

    def _ask(self, request: HttpRequest, form: ReportForm, token: str, *, status: int = 200) -> HttpResponse:
        return render(request, "incidents/portal_new.html", {"form": form, "token": token}, status=status)
