"""Watching whether a fixed problem comes back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line
from people.access import require
from records import changing
from records.events import EventKind

from ..enums import State
from ..models import Problem, RecurrenceMatch
from ..queries.likeness import SURE, Likeness
from . import solving


@transaction.atomic
def note_match(*, problem: Problem, incident: Any, likeness: Likeness, at: datetime) -> RecurrenceMatch | None:
    """
    Note that an incident looks like a watched problem, as Steward itself. A sure match takes the problem back to the
    investigation at once; a weaker one waits until a person says what it is.

    Safe to run twice: what was noted, confirmed or explained stays so. None where the problem is no longer watched.
    """
    locked: Problem = changing.lock_all(problem, incident)[0]
    if locked.state != State.VERIFYING or locked.fixed_at is None or incident.opened_at < locked.fixed_at:
        return None
    match, is_new = RecurrenceMatch.objects.get_or_create(
        problem=locked,
        incident_id=incident.pk,
        defaults={"found_at": at, "score": likeness.score, "evidence": likeness.evidence},
    )
    if not is_new and likeness.score > match.score and not match.is_explained:
        match.score, match.evidence = likeness.score, likeness.evidence
        match.save(update_fields=["score", "evidence"])
    if match.is_explained or match.is_confirmed:
        return match
    if match.score >= SURE:
        solving.regress(
            problem=locked,
            by=None,
            at=at,
            incident=incident,
            data={"rule": "recurrence", "incident": incident.pk, **likeness.evidence},
        )
    elif is_new:
        changing.save(locked, (), at)
        changing.write_down(
            locked,
            kind=EventKind.EDITED,
            action="problem.match_found",
            by=None,
            at=at,
            data={"other": incident.pk, "other_label": incident.reference, **likeness.evidence},
        )
    return match


@transaction.atomic
def explain_match(*, match: RecurrenceMatch, by: Any, at: datetime, explanation: str) -> RecurrenceMatch:
    """
    Say why an incident that looks like the problem is something else.

    :raises NotAllowed: :raises Refused: no words, or it was taken for a recurrence before.
    """
    locked = changing.lock(match.problem)
    require(by, "problem.work", locked)
    fresh = RecurrenceMatch.objects.select_for_update().get(pk=match.pk)
    words = one_line(explanation)
    if not words:
        raise Refused.because("required", _("Say why it is something else."), "explanation")
    if len(words) > 300:
        raise Refused.because("too_long", _("300 characters fit. Shorten it."), "explanation")
    if fresh.is_confirmed:
        raise Refused.because("confirmed", _("This incident took the problem back to the investigation already."))
    fresh.explained_at, fresh.explained_by, fresh.explanation = at, by, words
    fresh.save(update_fields=["explained_at", "explained_by", "explanation"])
    changing.save(locked, (), at)
    changing.write_down(
        locked,
        kind=EventKind.EDITED,
        action="problem.match_explained",
        by=by,
        at=at,
        reason=words,
        data={"other": fresh.incident_id, "other_label": fresh.incident.reference},
    )
    return fresh
