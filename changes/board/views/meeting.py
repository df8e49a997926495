"""One meeting: the agenda with one item open, who is there, what is to be done."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.enums import Choice
from common.numbers import number_in
from common.refusals import Refused
from common.time import now
from people.access import can
from people.doors import person_of, requires

from ..enums import Attendance, ItemKind
from ..forms import ActionForm, DeferralForm, GuestForm, TopicForm
from ..models import AgendaItem, Meeting
from ..queries.agenda import is_behind
from ..queries.meeting import Opened, hidden_among, items_of, open_actions, opened, told_why
from ..queries.people import attendees_of, conditions_of, may_conduct
from ..quorum import is_quorate
from .minutes import minutes_page


def meeting_or_404(request: HttpRequest, key: str) -> Meeting:
    """:raises Http404: there is none that this person may see."""
    rows = Meeting.objects.visible_to(request.user).select_related("board", "chair", "secretary", "closed_by")
    found = rows.filter(key=key).first()
    if found is None:
        raise Http404
    return found


@requires("cab.view")
@require_safe
def meeting(request: HttpRequest, key: str) -> HttpResponse:
    """The meeting at work; with closed minutes, these."""
    return show(request, meeting_or_404(request, key))


def show(
    request: HttpRequest, found: Meeting, *, item: int | None = None, refused: Refused | None = None,
    status: int | None = None, **left: Any,
) -> HttpResponse:  # fmt: skip
    """
    Show the meeting, after an act that was refused with its sentence and what was typed (`left`).

    :param item: key of the item that is open; by the address, else the first that is not done.
    """
    if found.is_minuted:
        return minutes_page(request, found, refused=refused, status=status, **left)
    at, person = now(), person_of(request)
    items, attendees = items_of(found), attendees_of(found)
    hidden = hidden_among(items, person, attendees=attendees)
    for each in attendees:
        each.why = told_why(each.why, hidden)
    here = _chosen(request, items, hidden, item)
    full = opened(found, here, attendees, person, at=at) if here is not None else None
    conducts, plans = may_conduct(found, person, at=at), can(person, "cab.plan")
    conditions = conditions_of(found, attendees)
    context = {
        "meeting": found,
        "items": items,
        "hidden": hidden,
        "here": full,
        "before": _beside(items, hidden, here, -1),
        "after": _beside(items, hidden, here, 1),
        "attendees": attendees,
        "attendances": _attendances(found),
        "conditions": conditions,
        "is_quorate": is_quorate(conditions),
        "conducts": conducts,
        "plans": plans,
        "sets_agenda": (plans or conducts) and (found.is_planned or found.is_held),
        "behind": is_behind(found, at=at) if (plans or conducts) and found.is_planned else 0,
        "earlier_actions": open_actions(found.board_id, viewer=person, before=found),
        "actions": [each for one in items if one.change_id not in hidden for each in one.actions.all()]
        + list(found.actions.filter(item=None).select_related("owner")),
        "total_minutes": sum(each.minutes for each in items),
        "open_count": sum(each.is_open for each in items),
        "choices": Choice.choices,
        "guest_form": GuestForm(viewer=person),
        "topic_form": TopicForm(auto_id="topic_%s"),
        "action_form": ActionForm(viewer=person, auto_id="action_%s"),
        "deferral_form": DeferralForm(auto_id="deferral_%s"),
        "refusals": refused.refusals if refused else (),
        "now": at,
        **_votes(found, full, person, conducts=conducts),
        **left,
    }
    return render(request, "changes/board/meeting.html", context, status=status)


def _chosen(request: HttpRequest, items: list[AgendaItem], hidden: set[int], wanted: int | None) -> AgendaItem | None:
    asked = request.GET.get("item", "")
    key = wanted or number_in(asked) or 0
    seen = [each for each in items if each.change_id not in hidden]
    by_key = next((each for each in seen if each.pk == key), None)
    return by_key or next((each for each in seen if each.is_open), None) or (seen[0] if seen else None)


def _beside(items: list[AgendaItem], hidden: set[int], here: AgendaItem | None, step: int) -> AgendaItem | None:
    seen = [each for each in items if each.change_id not in hidden]
    if here is None:
        return None
    place = next(index for index, each in enumerate(seen) if each.pk == here.pk) + step
    return seen[place] if 0 <= place < len(seen) else None


def _attendances(found: Meeting) -> list[tuple[str, Any]]:
    """What can be said of somebody: before the meeting only that they won't come."""
    if found.is_planned:
        return [(each.value, each.label) for each in (Attendance.INVITED, Attendance.EXCUSED)]
    return list(Attendance.choices)


def _votes(found: Meeting, full: Opened | None, person: Any, *, conducts: bool) -> dict[str, Any]:
    """Whose votes the keys of the page write down: those of the room for who conducts it, else one's own."""
    if full is None or full.approval is None or full.item.kind != ItemKind.DECISION:
        return {"mode": ""}
    if not full.approval.is_open or full.item.step is None or not full.item.step.is_open:
        return {"mode": ""}
    if conducts and found.is_held and full.silent:
        return {"mode": "room", "may_write_down": True}
    own = full.own_seat is not None and next(
        (line.vote is None for line in full.lines if line.seat.pk == full.own_seat.pk), False
    )
    return {"mode": "own" if own else "", "may_write_down": conducts and found.is_held}
