"""Deciding about suggestions: accept, decline, withdraw, show to colleagues, vote, score."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refusal, Refused
from people.access import access_of, require
from records import changing, transitions
from records.operations.saying import locked_for, say, write

from ..enums import Aspect, State
from ..models import Improvement, Vote
from .working import OPEN_TO_WORK


def accept(*, improvement: Improvement, by: Any, at: datetime, reply: str, version: int | None = None) -> Improvement:
    """Take a suggestion into the work, with a reply to whoever suggested it. :raises TransitionRefused: no reply."""
    return _moved(improvement, "accept", by=by, at=at, version=version, reply=reply)


def decline(*, improvement: Improvement, by: Any, at: datetime, reply: str, version: int | None = None) -> Improvement:
    """Turn a suggestion down; whoever suggested it reads why. :raises TransitionRefused: no reply."""
    return _moved(improvement, "decline", by=by, at=at, version=version, reply=reply)


def withdraw(
    *, improvement: Improvement, by: Any, at: datetime, reason: str, version: int | None = None
) -> Improvement:
    """Take a suggestion back before anybody works on it. :raises TransitionRefused: no reason, or too late."""
    return _moved(improvement, "withdraw", by=by, at=at, version=version, reason=reason)


def _moved(improvement: Improvement, name: str, **said: Any) -> Improvement:
    moved: Improvement = transitions.apply(record=improvement, name=name, **said)
    return moved


@transaction.atomic
def share(*, improvement: Improvement, by: Any, at: datetime) -> Improvement:
    """
    Show a suggestion to the colleagues of whoever suggested it, in the portal, where they may vote for it.

    Title, description, state and reply are shown; nothing of the inner side.

    :raises NotAllowed: :raises Refused: it is shown already.
    """
    return _shared(improvement, is_shared=True, by=by, at=at)


@transaction.atomic
def unshare(*, improvement: Improvement, by: Any, at: datetime) -> Improvement:
    """Show it to whoever suggested it alone. Votes stay. :raises NotAllowed: :raises Refused: it is not shown."""
    return _shared(improvement, is_shared=False, by=by, at=at)


def _shared(improvement: Improvement, *, is_shared: bool, by: Any, at: datetime) -> Improvement:
    locked = locked_for(improvement, by=by, operation="improvement.triage")
    if locked.is_shared == is_shared:
        raise Refused.because("unchanged", _("It stands like this already."))
    locked.is_shared = is_shared
    say(locked, "shared" if is_shared else "unshared", by=by, at=at, changes={"is_shared": (not is_shared, is_shared)})
    return Improvement.objects.get(pk=locked.pk)


@transaction.atomic
def vote(*, improvement: Improvement, by: Any, at: datetime) -> Vote:
    """
    Say that one wants it too; one vote each.

    :raises NotAllowed: one does not see it. :raises Refused: voted already, or it has ended.
    """
    locked = _votable(improvement, by)
    made, is_new = Vote.objects.get_or_create(improvement=locked, user=by, defaults={"at": at})
    if not is_new:
        raise Refused.because("twice", _("You have voted for it already."))
    write(locked, "voted", by=by, at=at)
    return made


@transaction.atomic
def unvote(*, improvement: Improvement, by: Any, at: datetime) -> None:
    """Take one's vote back. :raises NotAllowed: :raises Refused: there is none, or it has ended."""
    locked = _votable(improvement, by)
    gone, _rows = Vote.objects.filter(improvement=locked, user=by).delete()
    if not gone:
        raise Refused.because("none", _("You have not voted for it."))
    write(locked, "unvoted", by=by, at=at)


def _votable(improvement: Improvement, by: Any) -> Improvement:
    locked: Improvement = changing.lock(improvement)
    require(by, "improvement.vote", locked)
    is_inside = access_of(by).allows_on("record.read_notes", locked)
    if not is_inside and not (locked.is_shared or locked.requester_id == by.pk):
        raise NotAllowed.because("not_allowed", _("You may not vote for this: it is not shown to you."))
    if locked.is_done:
        raise Refused.because(
            "ended", _("%(reference)s is %(state)s.") % {"reference": locked.reference, "state": locked.state_label}
        )
    return locked


@transaction.atomic
def score(
    *, improvement: Improvement, by: Any, at: datetime, value: int, effort: int, risk: int, version: int | None = None
) -> Improvement:
    """
    Say what it is worth, what it takes and what it risks, each from 1 to 5 on the scales of the installation.

    :raises NotAllowed: :raises Stale: :raises Refused: out of the scale, or it has ended.
    """
    locked = locked_for(improvement, by=by, operation="improvement.edit", version=version)
    if locked.state not in OPEN_TO_WORK | {State.SUGGESTED}:
        raise Refused.because("ended", _("It has ended. Its score stays as it was."))
    refuse_off_scale(value=value, effort=effort, risk=risk)
    before = changing.snapshot(locked)
    locked.value, locked.effort, locked.risk = value, effort, risk
    changes = changing.differences(locked, before)
    if changes:
        say(locked, "scored", by=by, at=at, changes=changes)
    return Improvement.objects.get(pk=locked.pk)


def refuse_off_scale(**levels: Any) -> None:
    """:raises Refused: a level is not one of 1 to 5."""
    refusals = [
        Refusal("scale", _("%(scale)s: choose a level from 1 to 5.") % {"scale": str(Aspect(name).label).capitalize()},
                name)
        for name, level in levels.items()
        if not isinstance(level, int) or isinstance(level, bool) or not 1 <= level <= 5
    ]  # fmt: skip
    if refusals:
        raise Refused.all_of(refusals)
