"""Acts on one item of an agenda, and actions that come of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals import operations as approvals
from approvals.enums import Choice
from approvals.models import Seat
from common.refusals import Refused
from people.doors import person_of, requires

from ...models import Change
from .. import operations
from ..forms import ActionForm, DeferralForm
from ..models import AgendaItem, BoardAction, Meeting
from ..queries.people import may_conduct
from .acts import about, acted, number
from .meeting import meeting_or_404, show


def item_or_404(request: HttpRequest, key: str, item: int) -> tuple[Meeting, AgendaItem]:
    """:raises Http404: no such item, or one of a change that the person may not see."""
    found = meeting_or_404(request, key)
    rows = found.items.select_related("meeting__board", "meeting__chair", "change", "step__approval")
    one = rows.filter(pk=item).first()
    if one is None:
        raise Http404
    if one.change is not None and not Change.objects.visible_to(request.user).filter(pk=one.change_id).exists():
        raise Http404
    return found, one


@requires("approval.decide")
@require_POST
def votes(request: HttpRequest, key: str, item: int) -> HttpResponse:
    """Write down what the room says, or cast one's own vote."""
    found, one = item_or_404(request, key, item)
    choice = request.POST.get("choice", "")
    reason = request.POST.get("reason", "")
    conditions = request.POST.get("conditions", "").replace("\x00", "").splitlines()
    typed = {"typed_choice": choice, "typed_reason": reason, "typed_conditions": request.POST.get("conditions", "")}
    said: dict[str, Any] = {"choice": choice, "reason": reason, "conditions": conditions}
    person = person_of(request)

    def act() -> Any:
        if request.POST.get("mode") == "room":
            return operations.decide(item=one, **about(request), **said)
        if one.step is None:
            raise Refused.because("nothing_to_decide", _("There is nothing to decide about this item."))
        if choice not in Choice.values:
            raise Refused.because("choice", _("Choose approve, reject or abstain."), "choice")
        return approvals.vote(approval=one.step.approval, **about(request), **said)

    is_room = request.POST.get("mode") == "room" and may_conduct(found, person, at=about(request)["at"])
    done = _("Written down.") if is_room else _("Your vote counts.")
    return acted(request, found, act, said=done, item=one.pk, **typed)


@requires("cab.conduct")
@require_POST
def vote(request: HttpRequest, key: str, item: int, seat: int) -> HttpResponse:
    """Write down what one person in the room says, or correct it."""
    found, one = item_or_404(request, key, item)
    row = Seat.objects.select_related("holder").filter(step=one.step_id, pk=seat).first()
    if row is None:
        raise Http404
    choice, reason = request.POST.get("choice", ""), request.POST.get("reason", "")
    return acted(
        request,
        found,
        lambda: operations.record_vote(
            item=one, seat=row, **about(request), choice=choice, reason=reason, seen=number(request, "seen")
        ),
        said=_("Written down."),
        item=one.pk,
        typed_seat=row.pk,
        typed_seat_choice=choice,
        typed_seat_reason=reason,
    )


@requires("cab.conduct")
@require_POST
def deferral(request: HttpRequest, key: str, item: int) -> HttpResponse:
    """Put a decision off, or take it up again."""
    found, one = item_or_404(request, key, item)
    if "undo" in request.POST:
        return acted(request, found, lambda: operations.take_up(item=one, **about(request)), item=one.pk)
    form = DeferralForm(request.POST, auto_id="deferral_%s")
    if not form.is_valid():
        return show(request, found, item=one.pk, deferral_form=form, status=422)
    to = form.cleaned_data["to"]
    step = one.step
    said = _("Deferred.")
    if step is not None and step.due_at is not None and step.due_at.date() < to:
        said = _("Deferred. The deadline of the votes is before that day; those who have not voted are reminded.")
    return acted(
        request,
        found,
        lambda: operations.defer(item=one, **about(request), **form.cleaned_data),
        said=said,
        item=one.pk,
        deferral_form=form,
    )


@requires("cab.conduct")
@require_POST
def text(request: HttpRequest, key: str, item: int) -> HttpResponse:
    """Write what is said about it."""
    found, one = item_or_404(request, key, item)
    typed = request.POST.get("text", "")
    return acted(
        request,
        found,
        lambda: operations.write(item=one, **about(request), text=typed, version=number(request, "version")),
        said=_("Saved."),
        item=one.pk,
        typed_text=typed,
    )


@requires("cab.conduct")
@require_POST
def place(request: HttpRequest, key: str, item: int) -> HttpResponse:
    """Put it at another place, or say how long it may take."""
    found, one = item_or_404(request, key, item)
    minutes = number(request, "minutes")
    if minutes is not None:
        return acted(
            request, found, lambda: operations.set_minutes(item=one, **about(request), minutes=minutes), item=one.pk
        )
    step = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)
    return acted(
        request,
        found,
        lambda: operations.move_item(item=one, **about(request), to=max(1, one.position + step)),
        item=one.pk,
    )


@requires("cab.conduct")
@require_POST
def removal(request: HttpRequest, key: str, item: int) -> HttpResponse:
    """Take a topic off."""
    found, one = item_or_404(request, key, item)
    return acted(request, found, lambda: operations.remove_item(item=one, **about(request)), said=_("Topic taken off."))


@requires("cab.conduct")
@require_POST
def actions(request: HttpRequest, key: str) -> HttpResponse:
    """Give somebody something to do."""
    found = meeting_or_404(request, key)
    form = ActionForm(request.POST, viewer=person_of(request), auto_id="action_%s")
    chosen = number(request, "item")
    item = found.items.filter(pk=chosen).first() if chosen else None
    if not form.is_valid():
        return show(request, found, item=chosen, action_form=form, status=422)
    return acted(
        request,
        found,
        lambda: operations.add_action(meeting=found, **about(request), **form.cleaned_data, item=item),
        said=_("%(person)s gets a mail.") % {"person": form.cleaned_data["owner"]},
        item=chosen,
        action_form=form,
    )


@requires("cab.act")
@require_POST
def action_end(request: HttpRequest, key: str, action: int) -> HttpResponse:
    """Say that an action is done, or not after all."""
    found = meeting_or_404(request, key)
    row = BoardAction.objects.filter(meeting=found, pk=action).first()
    if row is None:
        raise Http404
    act = operations.reopen_action if "undo" in request.POST else operations.finish_action
    back = "/cab/" if request.POST.get("back") == "list" else ""
    return acted(request, found, lambda: act(action=row, **about(request)), said=_("Saved."), back=back)
