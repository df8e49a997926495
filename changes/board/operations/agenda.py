"""The agenda: gathered from the data, put into another order, topics added."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from approvals.enums import StepState
from approvals.models import Step
from common.refusals import Refused
from common.texts import said
from people.access import can, require

from ...models import Change
from ..enums import Attendance, ItemKind
from ..models import AgendaItem, Attendee, Meeting
from ..queries import agenda as reads
from ..queries.people import called_for, may_conduct
from .common import invited, lock, lock_item, require_unsettled, save, write_down

LONGEST_TOPIC = 200
LONGEST_ITEM_MINUTES = 240
ORDER = list(ItemKind)


@transaction.atomic
def gather(*, meeting: Meeting, by: Any, at: datetime) -> Meeting:
    """
    Bring agenda and invitations up to date: changes that wait for the board, those with open conflicts first, then by
    risk; emergencies since it met last; changes that fell through since.

    Items that were moved by hand keep their place; what was written is kept. Before the meeting has begun, changes that
    no longer wait are taken off.

    :param by: None for Steward itself. :raises NotAllowed: :raises Refused: its minutes are closed, or it is cancelled.
    """
    if by is not None:
        _require_planner(meeting, by, at=at)
    locked = lock(meeting)
    require_unsettled(locked)
    before = set(locked.items.values_list("pk", flat=True))
    put_off = reads.deferred(locked.board, beyond=locked.day)
    steps = [step for step in reads.awaiting(locked.board) if step.pk not in put_off]
    changes = reads.changes_of(steps)
    start = reads.since(locked)
    wanted: dict[int, tuple[ItemKind, Change, Step | None]] = {}
    for failed in reads.failures(start, at):
        wanted[failed.pk] = (ItemKind.FAILED, failed, None)
    for emergency in reads.emergencies(start, at):
        wanted[emergency.pk] = (ItemKind.EMERGENCY, emergency, None)
    for step in steps:
        change = changes[step.approval.record_id]
        wanted[change.pk] = (ItemKind.DECISION, change, step)
    _take_off(locked, wanted)
    _put_on(locked, wanted)
    _sort(locked)
    _call(locked, steps, changes)
    locked.gathered_at = at
    save(locked, "gathered_at")
    if by is not None:
        after = set(locked.items.values_list("pk", flat=True))
        _tell_changed(locked, by=by, at=at, added=len(after - before), removed=len(before - after))
    return locked


def _tell_changed(meeting: Meeting, *, by: Any, at: datetime, added: int = 0, removed: int = 0) -> None:
    """Tell those invited that the agenda is another one now. What the worker gathers goes out with its own mail."""
    if meeting.invited_at is not None and (added or removed):
        write_down("agenda_changed", meeting, by=by, at=at, added=added, removed=removed, people=invited(meeting))


def _require_planner(meeting: Meeting, by: Any, *, at: datetime) -> None:
    """The agenda is set by who plans meetings, and by who conducts this one."""
    if not can(by, "cab.plan") and not may_conduct(meeting, by, at=at):
        require(by, "cab.plan")


def _take_off(meeting: Meeting, wanted: dict[int, Any]) -> None:
    """Changes that no longer wait; nothing while the meeting is held, and nothing about which somebody wrote."""
    if meeting.is_planned:
        idle = meeting.items.filter(text="", discussed_at=None, deferred_to=None, actions=None)
        idle.exclude(kind=ItemKind.TOPIC).exclude(change__in=list(wanted)).delete()


def _put_on(meeting: Meeting, wanted: dict[int, tuple[ItemKind, Change, Step | None]]) -> None:
    known = {item.change_id: item for item in meeting.items.exclude(change=None).select_related("step")}
    latest = meeting.items.order_by("-position").values_list("position", flat=True).first() or 0
    for key, (kind, change, step) in wanted.items():
        conflicts = reads.open_conflicts(change) if step is not None else 0
        item = known.get(key)
        if item is None:
            latest += 1
            AgendaItem.objects.create(
                meeting=meeting, position=latest, kind=kind, change=change, step=step, conflicts=conflicts
            )
        elif item.step is None or item.step.state not in (StepState.APPROVED, StepState.REJECTED):
            # A change that was amended comes back with another step; one decided here stays as it was decided.
            item.kind, item.step, item.conflicts = kind, step, conflicts
            item.save(update_fields=["kind", "step", "conflicts"])


def _sort(meeting: Meeting) -> None:
    """Those moved by hand keep their places; the others fill what is left, by kind, conflict, risk and moment."""
    items = list(meeting.items.select_related("change").order_by("position", "pk"))
    placed = {min(item.position, len(items)) - 1: item for item in items if item.is_placed}
    others = sorted((item for item in items if item not in placed.values()), key=_weight)
    queue = iter(others)
    ordered = [placed[place] if place in placed else next(queue) for place in range(len(items))]
    _renumber(ordered)


def _weight(item: AgendaItem) -> tuple[Any, ...]:
    change = item.change
    risk = -(change.risk_score or 0) if change is not None else 0
    moment = change.planned_from.timestamp() if change is not None and change.planned_from is not None else 0.0
    return ORDER.index(ItemKind(item.kind)), not item.conflicts, risk, moment, item.pk


def _renumber(items: Sequence[AgendaItem]) -> None:
    """Number from one; the constraint is looked at when the transaction ends."""
    for position, item in enumerate(items, start=1):
        if item.position != position:
            item.position = position
            item.save(update_fields=["position"])


def _call(meeting: Meeting, steps: list[Step], changes: dict[int | None, Change]) -> None:
    """Invite whom the board and the changes call for; take back who is called no more, unless they came or will."""
    called = called_for(meeting, steps, changes)
    known = {each.user_id: each for each in meeting.attendees.all()}
    for key, guest in called.items():
        attendee = known.get(key)
        if attendee is None:
            Attendee.objects.create(meeting=meeting, user=guest.user, why=guest.why, is_voting=guest.is_voting)
        elif (attendee.why, attendee.is_voting) != (guest.why, guest.is_voting):
            attendee.why, attendee.is_voting = guest.why, guest.is_voting
            attendee.save(update_fields=["why", "is_voting"])
    if meeting.is_planned:
        left = meeting.attendees.filter(is_guest=False, attendance=Attendance.INVITED)
        left.exclude(user__in=list(called)).delete()


@transaction.atomic
def add_topic(*, meeting: Meeting, by: Any, at: datetime, title: str, minutes: int = 5) -> AgendaItem:
    """Put something on the agenda that is no change. :raises NotAllowed: :raises Refused: no title, or settled."""
    _require_planner(meeting, by, at=at)
    locked = lock(meeting)
    require_unsettled(locked)
    title = said(title, limit=LONGEST_TOPIC, field="title", missing=_("The topic is missing. Say what it is about."))
    latest = locked.items.order_by("-position").values_list("position", flat=True).first() or 0
    item = AgendaItem.objects.create(
        meeting=locked, position=latest + 1, kind=ItemKind.TOPIC, title=title, minutes=_fit(minutes)
    )
    save(locked)
    write_down("topic_added", locked, by=by, at=at, title=title)
    _tell_changed(locked, by=by, at=at, added=1)
    return item


@transaction.atomic
def move_item(*, item: AgendaItem, by: Any, at: datetime, to: int) -> AgendaItem:
    """
    Put an item at another place of the agenda, from 1; it stays there when the agenda is gathered again.

    :raises NotAllowed: :raises Refused: settled, or taken off meanwhile.
    """
    _require_planner(item.meeting, by, at=at)
    locked = lock(item.meeting)
    require_unsettled(locked)
    fresh = lock_item(locked, item)
    others = [each for each in locked.items.order_by("position", "pk") if each.pk != fresh.pk]
    others.insert(max(0, min(to, len(others) + 1) - 1), fresh)
    fresh.is_placed = True
    fresh.save(update_fields=["is_placed"])
    _renumber(others)
    save(locked)
    return fresh


@transaction.atomic
def set_minutes(*, item: AgendaItem, by: Any, at: datetime, minutes: int) -> AgendaItem:
    """Say how long an item may take. :raises NotAllowed: :raises Refused: settled, or no such length."""
    _require_planner(item.meeting, by, at=at)
    locked = lock(item.meeting)
    require_unsettled(locked)
    fresh = lock_item(locked, item)
    fresh.minutes = _fit(minutes)
    fresh.save(update_fields=["minutes"])
    save(locked)
    return fresh


def _fit(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST_ITEM_MINUTES:
        raise Refused.because("minutes", _("An item takes between 1 minute and 4 hours."), "minutes")
    return minutes


@transaction.atomic
def remove_item(*, item: AgendaItem, by: Any, at: datetime) -> Meeting:
    """
    Take a topic off the agenda. Changes come and go with the data: defer them instead.

    :raises NotAllowed: :raises Refused: settled, a change, or somebody wrote about it.
    """
    _require_planner(item.meeting, by, at=at)
    locked = lock(item.meeting)
    require_unsettled(locked)
    fresh = lock_item(locked, item)
    if fresh.kind != ItemKind.TOPIC:
        raise Refused.because("change", _("Changes come onto the agenda by themselves. Defer this one instead."))
    if fresh.text or fresh.actions.exists():
        raise Refused.because("written", _("Something was written about this topic, so it stays."))
    fresh.delete()
    _renumber(list(locked.items.order_by("position", "pk")))
    save(locked)
    write_down("topic_removed", locked, by=by, at=at, title=fresh.title)
    _tell_changed(locked, by=by, at=at, removed=1)
    return locked
