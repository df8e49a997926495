"""Acceptance criteria: what a release must fulfill, what was found, and what its owner lets pass."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line
from records.operations.saying import locked_for, say

from ..enums import State, Verdict
from ..models import AcceptanceCriterion, Release
from .contents import refuse_unless

OPEN_TO_WRITE = frozenset({State.PLANNING, State.BUILDING, State.TESTING})
MOST_CRITERIA = 100


@transaction.atomic
def add_criterion(*, release: Release, by: Any, at: datetime, text: str) -> AcceptanceCriterion:
    """Say what the release must fulfill, until it is ready. :raises NotAllowed: :raises Refused: no text, too late."""
    locked = locked_for(release, by=by, operation="release.edit")
    refuse_unless(locked, OPEN_TO_WRITE, _("Its acceptance criteria stay as they are."))
    text = one_line(text)
    if not 1 <= len(text) <= 300:
        raise Refused.because("text", _("Say in 1 to 300 characters what has to hold."), "text")
    found = AcceptanceCriterion.objects.filter(release=locked).aggregate(latest=Max("position"))
    position = (found["latest"] or 0) + 1
    if position > MOST_CRITERIA:
        raise Refused.because("many", _("There are 100 criteria already. Put some together."), "text")
    made = AcceptanceCriterion.objects.create(release=locked, position=position, text=text)
    say(locked, "criterion_added", by=by, at=at, title=text)
    return made


@transaction.atomic
def remove_criterion(*, criterion: AcceptanceCriterion, by: Any, at: datetime, reason: str = "") -> None:
    """
    Take a criterion out, before the tests begin; later it is waived, so that it stays visible.

    :raises NotAllowed: :raises Refused: the tests have begun.
    """
    locked = locked_for(criterion.release, by=by, operation="release.edit")
    refuse_unless(locked, frozenset({State.PLANNING, State.BUILDING}), _("Have the owner waive the criterion instead."))
    removed = AcceptanceCriterion.objects.get(pk=criterion.pk)
    say(locked, "criterion_removed", by=by, at=at, title=removed.text, reason=reason)
    removed.delete()


@transaction.atomic
def judge(
    *, criterion: AcceptanceCriterion, by: Any, at: datetime, is_met: bool, note: str = ""
) -> AcceptanceCriterion:
    """
    Say what the tests found about one criterion. One that is not met counts as a defect that the tests found.

    :param note: what was found; a must when it is not met.
    :raises NotAllowed: :raises Refused: the release is not being tested, no note, or it was judged like this already.
    """
    locked = locked_for(criterion.release, by=by, operation="release.judge")
    refuse_unless(locked, frozenset({State.TESTING}), _("Criteria are judged while it is tested."))
    judged = AcceptanceCriterion.objects.select_for_update(of=("self",)).get(pk=criterion.pk)
    verdict, note = (Verdict.MET if is_met else Verdict.FAILED), _tidied(note)
    if not is_met and not note:
        raise Refused.because("required", _("Say what was found."), "note")
    if (judged.verdict, judged.note) == (verdict, note):
        raise Refused.because("unchanged", _("It was judged like this already."), "note")
    judged.failures += not is_met
    _set(judged, verdict, note, by=by, at=at)
    say(locked, "criterion_met" if is_met else "criterion_failed", by=by, at=at, title=judged.text, reason=note)
    return judged


@transaction.atomic
def waive(*, criterion: AcceptanceCriterion, by: Any, at: datetime, reason: str) -> AcceptanceCriterion:
    """
    Let the release pass without this criterion. Only the owner of the release may.

    :raises NotAllowed: :raises Refused: somebody else, nobody owns it, no reason, or it is not being tested.
    """
    locked = locked_for(criterion.release, by=by, operation="release.judge")
    refuse_unless(locked, frozenset({State.TESTING}), _("Criteria are waived while it is tested."))
    if locked.owner_id is None:
        raise Refused.because("no_owner", _("Nobody owns the release. Name the owner, who may waive it."), "reason")
    if by.pk != locked.owner_id:
        raise Refused.because("owner", _("Only the owner %(name)s may waive it.") % {"name": locked.owner}, "reason")
    reason = _tidied(reason)
    if not reason:
        raise Refused.because("required", _("Say why the release may go without it."), "reason")
    waived = AcceptanceCriterion.objects.select_for_update(of=("self",)).get(pk=criterion.pk)
    _set(waived, Verdict.WAIVED, reason, by=by, at=at)
    say(locked, "criterion_waived", by=by, at=at, title=waived.text, reason=reason)
    return waived


def reopen_verdicts(release: Release) -> None:
    """What was met by one build says nothing about the next; what was waived stays waived."""
    AcceptanceCriterion.objects.filter(release=release, verdict__in=[Verdict.MET, Verdict.FAILED]).update(
        verdict=Verdict.OPEN, note="", by=None, at=None
    )


def _set(criterion: AcceptanceCriterion, verdict: Verdict, note: str, *, by: Any, at: datetime) -> None:
    criterion.verdict, criterion.note, criterion.by, criterion.at = verdict, note, by, at
    criterion.save()


def _tidied(note: str) -> str:
    return one_line(note)[:500]
