"""What a board has to talk about, looked up afresh: decisions, emergencies and failures since it met, what comes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from approvals.enums import State, StepState
from approvals.models import ApprovalPolicyVersion, Board, Step

from ...enums import Outcome as ChangeOutcome
from ...enums import Type
from ...models import Change
from ...queries.conflicts import conflicts
from ...queries.facts import AUTHORIZE
from ..enums import MeetingState
from ..models import AgendaItem, Meeting

FIRST_LOOKS_BACK = timedelta(days=30)
LOOKS_AHEAD = timedelta(days=14)
SHOWN_AHEAD = 100
FELL_THROUGH = (ChangeOutcome.FAILED, ChangeOutcome.BACKED_OUT)


def since(meeting: Meeting) -> datetime:
    """When the board met last before this meeting; thirty days before it when it never did."""
    latest = (
        Meeting.objects.filter(board=meeting.board_id, began_at__lt=meeting.starts_at)
        .filter(state__in=[MeetingState.HELD, MeetingState.MINUTED])
        .exclude(pk=meeting.pk)
        .order_by("-began_at")
        .values_list("began_at", flat=True)
        .first()
    )
    return latest or meeting.starts_at - FIRST_LOOKS_BACK


def awaiting(board: Board) -> list[Step]:
    """
    Open steps that ask this board about a change, as the version of the policy says under which they run.

    Two queries. Frozen seats don't tell of what board they are, so that the terms are asked.
    """
    open_ones = (
        Step.objects.filter(state=StepState.OPEN, approval__state=State.OPEN, approval__purpose=AUTHORIZE)
        .select_related("approval__record")
        .order_by("pk")
    )
    steps = [step for step in open_ones if step.approval.policy_id is not None]
    wanted = {(step.approval.policy_id, step.approval.policy_version) for step in steps}
    versions = ApprovalPolicyVersion.objects.filter(
        policy__in={policy for policy, _number in wanted}, number__in={number for _policy, number in wanted}
    )
    asking = {
        (version.policy_id, version.number): [_asks(each, board.pk) for each in version.document["steps"]]
        for version in versions
    }
    return [step for step in steps if _is_asked(asking, step)]


def _asks(step: Any, board: int) -> bool:
    return any(who["kind"] == "board" and who["board"] == board for who in step["approvers"])


def _is_asked(asking: dict[tuple[int, int], list[bool]], step: Step) -> bool:
    steps = asking.get((step.approval.policy_id or 0, step.approval.policy_version), [])
    return step.position <= len(steps) and steps[step.position - 1]


def deferred(board: Board, *, beyond: date) -> set[int]:
    """Steps that the board put off to a day after this one; the latest deferral counts."""
    rows = (
        AgendaItem.objects.filter(meeting__board=board, deferred_to__isnull=False, step__isnull=False)
        .exclude(meeting__state=MeetingState.CANCELLED)
        .order_by("step_id", "-meeting__starts_at", "-pk")
        .distinct("step_id")
        .values_list("step_id", "deferred_to")
    )
    return {step for step, to in rows if step is not None and to is not None and to > beyond}


def emergencies(start: datetime, end: datetime) -> list[Change]:
    """Emergencies that began in [start, end), the earliest first."""
    rows = Change.objects.filter(type=Type.EMERGENCY, actual_from__gte=start, actual_from__lt=end)
    return list(rows.order_by("actual_from", "pk"))


def failures(start: datetime, end: datetime) -> list[Change]:
    """Changes that failed or were backed out in [start, end), other than emergencies, the earliest first."""
    rows = Change.objects.filter(outcome__in=FELL_THROUGH, actual_to__gte=start, actual_to__lt=end)
    return list(rows.exclude(type=Type.EMERGENCY).order_by("actual_to", "pk"))


def changes_of(steps: Iterable[Step]) -> dict[int | None, Change]:
    """The changes of these steps with services and their owners, by key; three queries."""
    keys = {step.approval.record_id for step in steps if step.approval.record_id is not None}
    rows = Change.objects.filter(pk__in=keys).select_related("service__owner", "assignee", "requester")
    return {change.pk: change for change in rows.prefetch_related("services__owner")}


def open_conflicts(change: Change) -> int:
    """How many conflicts of its window nobody has accepted."""
    if change.planned_from is None or change.planned_to is None:
        return 0
    return sum(each.is_open for each in conflicts(change, change.planned_from, change.planned_to))


def upcoming(meeting: Meeting, user: Any) -> list[Change]:
    """Booked changes of the two weeks from the meeting on that the person may see, in order; 100 at most."""
    start = meeting.began_at or meeting.starts_at
    rows = Change.objects.visible_to(user).booked().in_period(start, start + LOOKS_AHEAD)
    return list(rows.select_related("service", "assignee").order_by("planned_from", "pk")[:SHOWN_AHEAD])


def is_behind(meeting: Meeting, *, at: datetime) -> int:
    """How many items a fresh look would add; the page offers it then."""
    known = set(meeting.items.values_list("change_id", flat=True))
    put_off = deferred(meeting.board, beyond=meeting.day)
    fresh = {step.approval.record_id for step in awaiting(meeting.board) if step.pk not in put_off}
    start = since(meeting)
    looked_back = Q(type=Type.EMERGENCY, actual_from__gte=start, actual_from__lt=at) | Q(
        outcome__in=FELL_THROUGH, actual_to__gte=start, actual_to__lt=at
    )
    fresh |= set(Change.objects.filter(looked_back).values_list("pk", flat=True))
    return len(fresh - known)
