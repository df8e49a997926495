"""What somebody is to do after a meeting."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refused
from common.texts import said
from people.access import can, require
from people.models import User
from slm import actions

from ..models import AgendaItem, BoardAction, Meeting
from ..queries.people import may_conduct
from .common import lock, lock_item, require_conductor, require_held, write_down

LONGEST_ACTION = 300


@transaction.atomic
def add_action(
    *,
    meeting: Meeting,
    by: Any,
    at: datetime,
    text: str,
    owner: User,
    due_date: date | None = None,
    item: AgendaItem | None = None,
) -> BoardAction:
    """
    Give somebody something to do; they are told.

    :raises NotAllowed: :raises Refused: no text, nobody who can see it, not begun, or minutes closed.
    """
    locked = lock(meeting)
    require_conductor(locked, by, at=at)
    require_held(locked)
    fresh = lock_item(locked, item) if item is not None else None
    text = said(text, limit=LONGEST_ACTION, field="text", missing=_("The action is missing. Say what is to be done."))
    if not owner.is_active or not can(owner, "cab.act"):
        raise Refused.because(
            "owner", _("%(person)s does not see meetings. Choose somebody else.") % {"person": owner}, "owner"
        )
    if due_date is not None and due_date < locked.day:
        raise Refused.because("past", _("That day is before the meeting. Pick a later one."), "due_date")
    action = BoardAction.objects.create(
        meeting=locked, item=fresh, text=text, owner=owner, due_date=due_date, made_at=at
    )
    actions.count_again(action, at=at)
    write_down("action_given", locked, by=by, at=at, action=action.pk, text=text, people=[owner.pk])
    return action


@transaction.atomic
def finish_action(*, action: BoardAction, by: Any, at: datetime) -> BoardAction:
    """Say that it is done: its owner, who conducts the meeting, who plans them. :raises NotAllowed: :raises Refused:"""
    fresh = _locked(action, by, at=at)
    if fresh.done_at is not None:
        raise Refused.because("done", _("This is done already."))
    fresh.done_at, fresh.done_by = at, by
    fresh.save(update_fields=["done_at", "done_by"])
    actions.count_again(fresh, at=at)
    write_down("action_done", fresh.meeting, by=by, at=at, action=fresh.pk, text=fresh.text)
    return fresh


@transaction.atomic
def reopen_action(*, action: BoardAction, by: Any, at: datetime) -> BoardAction:
    """Say that it is not done after all. :raises NotAllowed: :raises Refused: it is open."""
    fresh = _locked(action, by, at=at)
    if fresh.done_at is None:
        raise Refused.because("open", _("This is open."))
    left, fresh.done_at, fresh.done_by = fresh.done_at, None, None
    fresh.save(update_fields=["done_at", "done_by"])
    actions.count_again(fresh, at=at, left=left)
    write_down("action_reopened", fresh.meeting, by=by, at=at, action=fresh.pk, text=fresh.text)
    return fresh


def _locked(action: BoardAction, by: Any, *, at: datetime) -> BoardAction:
    require(by, "cab.act")
    fresh = BoardAction.objects.select_for_update(of=("self",)).select_related("meeting__chair").get(pk=action.pk)
    if fresh.owner_id != by.pk and not can(by, "cab.plan") and not may_conduct(fresh.meeting, by, at=at):
        raise NotAllowed.because("not_yours", _("Only who was given this, or who conducts the meeting, can say that."))
    return fresh
