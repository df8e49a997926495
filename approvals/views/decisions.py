"""My decisions, one decision, votes and what else people do with them; the requester's side has the same doors."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.acts import acting
from audit.models import Channel
from common.refusals import NotAllowed, Refused
from common.time import now
from people.access import access_of
from people.doors import person_of, requires
from records.models import Record
from records.views.base import address_for, pressed, see_other

from .. import links, operations, presenting, purposes, queries, subjects
from ..forms import FillForm, HandOverForm
from ..models import Approval, Seat


def place_of(request: HttpRequest) -> str:
    """The side that this address is on: `portal` for requesters, `desk` for the provider's people."""
    return "portal" if request.path.startswith("/portal/") else "desk"


def address(approval: Approval, place: str) -> str:
    """The page of the decision on one side."""
    name = "portal_approvals:decision" if place == "portal" else "approvals:decision"
    return reverse(name, args=[approval.pk])


@requires("approval.decide")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for this person, the next deadline first, and what they decided lately."""
    moment, person, place = now(), person_of(request), place_of(request)
    if place == "desk" and not access_of(person).is_staff_side:
        return see_other(request, reverse("portal_approvals:mine"))
    waiting = queries.decisions_of(person, at=moment)
    return render(
        request,
        "approvals/mine.html",
        {
            "decisions": [(each, each.is_overdue(moment), address(each.approval, place)) for each in waiting],
            "latest": [(vote, address(vote.seat.step.approval, place)) for vote in queries.decided_by(person)],
            "place": place,
        },
    )


@requires("approval.view")
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: what, how risky, who has said what, and the vote. Reading it decides nothing."""
    approval, place = _seen(request, pk), place_of(request)
    if place == "desk" and not access_of(request.user).is_staff_side:
        return see_other(request, address(approval, "portal"))
    return _page(request, approval)


@requires("approval.decide")
@require_POST
def votes(request: HttpRequest, pk: int) -> HttpResponse:
    """Cast or change one's vote."""
    approval = _seen(request, pk)
    said = {name: request.POST.get(name, "").replace("\x00", "") for name in ("choice", "reason", "conditions")}
    if said["choice"] not in ("approve", "reject", "abstain"):
        return _page(request, approval, errors=[("vote", _("Press Approve, Reject or Abstain."))], said=said)
    try:
        with _channel(request):
            operations.vote(
                approval=approval,
                by=person_of(request),
                at=now(),
                choice=said["choice"],
                reason=said["reason"],
                conditions=said["conditions"].splitlines(),
            )
    except Refused as refused:
        fields = {"reason": "vote-reason", "conditions": "vote-conditions"}
        errors = [(fields.get(each.field or "", "vote"), str(each.message)) for each in refused.refusals]
        return _page(request, _seen(request, pk), errors=errors, said=said, status=refused.status)
    done = {"approve": _("Approved."), "reject": _("Rejected."), "abstain": _("You abstained.")}
    messages.success(request, done[said["choice"]])
    return see_other(request, address(approval, place_of(request)))


@requires("approval.decide")
@require_POST
def handover(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Let somebody else decide on one's seat."""
    approval = _seen(request, pk)
    form = HandOverForm(request.POST, viewer=person_of(request))
    if form.is_valid():
        try:
            with _channel(request):
                given = operations.hand_over(
                    seat=_seat(approval, seat), by=person_of(request), at=now(), **form.cleaned_data
                )
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("%(person)s decides for you.") % {"person": given.acting})
            return see_other(request, address(approval, place_of(request)))
    return _page(request, _seen(request, pk), hand_over=form, status=422)


@requires("approval.decide")
@require_POST
def taking_back(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Decide oneself after all."""
    approval = _seen(request, pk)
    found, person = _seat(approval, seat), person_of(request)
    with _channel(request):
        return pressed(
            request, lambda: operations.take_back(seat=found, by=person, at=now()),
            url=address(approval, place_of(request)), said=_("The vote is yours again."),
        )  # fmt: skip


@requires("approval_policy.edit")
@require_POST
def filling(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Name who takes a vacant seat."""
    approval = _seen(request, pk)
    form = FillForm(request.POST)
    if form.is_valid():
        try:
            filled = operations.fill_seat(
                seat=_seat(approval, seat), by=person_of(request), at=now(), **form.cleaned_data
            )
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("%(person)s was asked.") % {"person": filled.acting})
            return see_other(request, address(approval, "desk"))
    return _page(request, _seen(request, pk), fill=form, status=422)


@requires("approval.decide")
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail: leads to the page, or says why it is dead. Opening it changes nothing."""
    person = person_of(request)
    try:
        seat = links.seat_behind(token, user=person, at=now())
    except (links.LinkRefused, NotAllowed) as refused:
        return render(request, "approvals/dead_link.html", {"sentence": str(refused)}, status=refused.status)
    if seat is None:
        raise Http404
    place = "desk" if access_of(person).is_staff_side else "portal"
    return see_other(request, address(seat.step.approval, place))


@requires("approval.view")
@require_safe
def beside(request: HttpRequest, number: int) -> HttpResponse:
    """The approvals of one record, for the panel on its page."""
    record = Record.objects.visible_to(request.user).filter(pk=number).first()
    if record is None:
        raise Http404
    shown = presenting.briefly(record.specific, person_of(request), at=now())
    return render(request, "approvals/_beside.html", {"approvals": shown})


def _channel(request: HttpRequest) -> Any:
    return acting(channel=Channel.PORTAL if place_of(request) == "portal" else Channel.WEB)


def _seen(request: HttpRequest, pk: int) -> Approval:
    """:raises Http404: none that this person may see."""
    found = queries.with_everything(queries.approvals_visible_to(request.user, at=now())).filter(pk=pk).first()
    if found is None or found.subject is None:
        raise Http404
    found.subject = getattr(found.subject, "specific", found.subject)
    return found


def _seat(approval: Approval, key: int) -> Seat:
    found = Seat.objects.select_related("step__approval__record").filter(step__approval=approval, pk=key).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    approval: Approval,
    *,
    errors: list[tuple[str, str]] | None = None,
    said: dict[str, str] | None = None,
    hand_over: HandOverForm | None = None,
    fill: FillForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    moment, person, place = now(), person_of(request), place_of(request)
    subject, purpose = approval.subject, purposes.find(approval.purpose)
    found = presenting.mine_of(approval, person, at=moment)
    may_read = subjects.may_see(subject, person)
    step = next((each for each in approval.steps.all() if each.is_open), None)
    if said is None and found.vote is not None:
        said = {
            "reason": found.vote.reason,
            "conditions": "\n".join(each.text for each in found.vote.conditions.all()),
        }
    context = {
        "approval": approval,
        "subject": subject,
        "subject_url": _subject_url(person, subject) if may_read else "",
        "facts": presenting.facts_of(approval),
        "risk_icons": presenting.RISK_ICONS,
        "template": purpose.template if purpose and may_read else "",
        "steps": presenting.steps_of(approval, viewer=person, mine=found),
        "mine": found,
        "missing": queries.missing_of(approval),
        "vacant": [s for each in approval.steps.all() for s in each.seats.all() if s.is_vacant and each.is_open],
        "may_fill": queries.may_fill_seats(person),
        "fill": fill or FillForm(),
        "hand_over": hand_over or HandOverForm(viewer=person),
        "open_hand_over": hand_over is not None,
        "is_overdue": step is not None and step.due_at is not None and step.due_at <= moment,
        "step": step,
        "why": approval.why.get("candidates", []),
        "errors": errors or [],
        "said": said or {},
        "place": place,
        "base_url": address(approval, place),
    }
    has_failed = bool(errors or hand_over or fill)
    return render(request, "approvals/decision.html", context, status=status or (422 if has_failed else 200))


def _subject_url(person: Any, subject: Any) -> str:
    if not isinstance(subject, Record):
        return str(subject.get_absolute_url())
    try:
        return address_for(person, subject)
    except Http404:
        return ""
