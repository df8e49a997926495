"""What stands, what waits for somebody, and who may look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from people.access import access_of, can
from people.models import User

from . import deputizing, purposes, subjects
from .enums import State, StepState
from .models import Approval, Seat, Step, Vote
from .operations import stepping


def approvals_visible_to(user: Any, *, at: datetime) -> QuerySet[Approval]:
    """
    Approvals of records that the person's roles reach, of other subjects that they may see, and those that they asked
    for or have a say in.

    :param at: decides for whom the person is deputy just now.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Approval.objects.none()
    people = [user.pk, *(person.pk for person in deputizing.represented_by(user, at=at))]
    seats = Seat.objects.filter(step__approval_id=OuterRef("pk"))
    seated = seats.filter(Q(acting_id__in=people) | Q(holder_id=user.pk))
    voted = Vote.objects.filter(by_id=user.pk, seat__step__approval_id=OuterRef("pk"))
    own = Q(record__requester_id=user.pk) | Q(asked_by_id=user.pk) | Q(Exists(seated)) | Q(Exists(voted))
    access = access_of(user)
    reached = access.rows("approval.view", own=own, organization="record__organization")
    if access.allows("approval.view"):
        reached = (Q(record__isnull=False) & reached) | (Q(record__isnull=True) & (own | subjects.seen_by(user)))
    return Approval.objects.filter(subjects.declared(), reached)


def with_everything(approvals: QuerySet[Approval]) -> QuerySet[Approval]:
    """With record, steps, seats, people and votes: as many queries however many approvals."""
    votes = (
        Vote.objects.select_related("by", "on_behalf_of", "recorded_by")
        .prefetch_related("conditions__task")
        .order_by("id")
    )
    seats = Seat.objects.select_related("holder", "acting", "handed_over_by").prefetch_related(
        Prefetch("votes", queryset=votes)
    )
    steps = Step.objects.select_related("calendar", "escalate_to").prefetch_related(
        Prefetch("seats", queryset=seats.order_by("-is_mandatory", "id"))
    )
    return approvals.select_related("record__requester", "record__service", "asked_by", "policy").prefetch_related(
        Prefetch("steps", queryset=steps.order_by("position"))
    )


def of_subject(subject: Any) -> list[Approval]:
    """Every approval of a record or other subject with all that belongs to it, the newest first."""
    found = list(with_everything(Approval.objects.about(subject)).order_by("-id"))
    for each in found:
        each.subject = subject
    return found


def open_one(subject: Any, purpose: str) -> Approval | None:
    """The approval that is being decided."""
    return Approval.objects.about(subject).filter(purpose=purpose, state=State.OPEN).first()


def standing(subject: Any, purpose: str) -> Approval | None:
    """
    The approval that was given for this as it is now; None while there is none, or what was decided has changed.

    For guards: the fingerprint is worked out afresh.
    """
    found = Approval.objects.about(subject).filter(purpose=purpose, state=State.APPROVED).order_by("-id").first()
    if found is None or stepping.fingerprint_of(purposes.of(purpose), subject) != found.subject_version:
        return None
    return found


@dataclass(frozen=True)
class Decision:
    """One seat that waits for a person. `for_whom` is set where they decide as a deputy."""

    seat: Seat
    step: Step
    approval: Approval
    for_whom: User | None

    def is_overdue(self, at: datetime) -> bool:
        return self.step.due_at is not None and self.step.due_at <= at


def decisions_of(user: User, *, at: datetime) -> list[Decision]:
    """
    What waits for this person's vote, the next deadline first; of a deputy's seats only those they may vote on.

    Seats that have spoken are not listed. Four queries, however many decisions, and one for each other kind of subject.
    """
    represented = {person.pk: person for person in deputizing.represented_by(user, at=at)}
    spoken = Vote.objects.filter(seat_id=OuterRef("pk"), replaced_at=None)
    waiting = (
        Seat.objects.filter(step__state=StepState.OPEN)
        .filter(Q(acting=user) | Q(acting__in=represented, holder=F("acting")))
        .filter(~Exists(spoken))
        .exclude(step__approval__excluded_ids__contains=[user.pk])
        .select_related(
            "holder", "acting", "step__approval__record__requester", "step__approval__record__service",
            "step__approval__asked_by",
        )
        .order_by(F("step__due_at").asc(nulls_last=True), "step__approval_id", "id")
    )  # fmt: skip
    seats = list(waiting)
    there = {each.pk for each in subjects.attach(seat.step.approval for seat in seats)}
    seats = [seat for seat in seats if seat.step.approval_id in there]
    own = {seat.step_id for seat in seats if seat.acting_id == user.pk}
    own |= set(_steps_with_a_say(user, {seat.step_id for seat in seats}))
    found = []
    listed: set[int] = set()
    for seat in sorted(seats, key=lambda each: each.acting_id != user.pk):
        is_own = seat.acting_id == user.pk
        if (not is_own and seat.step_id in own) or seat.step_id in listed:
            continue
        listed.add(seat.step_id)
        for_whom = seat.holder if seat.holder_id != user.pk else None
        found.append(Decision(seat=seat, step=seat.step, approval=seat.step.approval, for_whom=for_whom))
    return sorted(found, key=lambda each: (each.step.due_at is None, each.step.due_at, each.approval.pk))


def _steps_with_a_say(user: User, steps: set[int]) -> Iterable[int]:
    """Of these steps, those in which the person has a seat of their own or has voted."""
    if not steps:
        return ()
    mine = Q(acting=user) | Q(votes__by=user, votes__replaced_at=None)
    return Seat.objects.filter(mine, step__in=steps).values_list("step_id", flat=True)


def decided_by(user: User, *, rows: int = 20) -> list[Vote]:
    """The latest votes of a person that stand, newest first."""
    votes = Vote.objects.filter(by=user, replaced_at=None).select_related(
        "seat__step__approval__record__requester", "on_behalf_of"
    )
    found = list(votes.order_by("-at", "-id")[:rows])
    there = {each.pk for each in subjects.attach(vote.seat.step.approval for vote in found)}
    return [vote for vote in found if vote.seat.step.approval_id in there]


def missing_of(approval: Approval) -> list[str]:
    """What keeps an open approval from being decided, and whom to ask; the steps with seats should be prefetched."""
    said = []
    for step in approval.steps.all():
        for seat in step.seats.all():
            if step.is_open and seat.is_vacant:
                said.append(
                    _("%(person)s has left and nobody stands in. Ask a service level manager to name who decides.")
                    % {"person": seat.holder}
                )
    return said


def may_fill_seats(user: Any) -> bool:
    """Whether the person may name who takes a vacant seat."""
    return can(user, "approval_policy.edit")
