"""What problems do after others have acted: watch for recurrence, follow the change that fixes them."""

from contextlib import suppress
from datetime import timedelta

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from records.models import Record
from records.transitions import TransitionRefused

from . import operations
from .enums import State
from .models import Problem
from .queries import fixes
from .queries.likeness import watched_problems_like

WATCHED_DAYS = 30


def register() -> None:
    """Called when the app is ready."""
    subscribe(
        "problems.recurrence",
        to=["incident.created", "incident.edited", "incident.linked"],
        handler=look_for_recurrence,
    )
    subscribe("problems.fixes", to=["change.closed", "change.finished", "release.deployed"], handler=follow_change)


def look_for_recurrence(entry: Entry) -> None:
    """Compare an incident with the problems that are watched, and note what looks alike."""
    if entry.subject_kind != "record" or not Problem.objects.watched().exists():
        return
    incident = Record.objects.filter(pk=entry.subject_id, kind="incident").exclude(state="cancelled").first()
    if incident is None:
        return
    for problem, likeness in watched_problems_like(incident):
        operations.note_match(problem=problem, incident=incident, likeness=likeness, at=entry.at)


def follow_change(entry: Entry) -> None:
    """
    Begin the watch over every problem whose fix has been implemented: 30 days, unless a person says otherwise before.

    What is in the way (another change still open, a task) leaves the problem where it is; a person goes on.
    """
    change = Record.objects.filter(pk=entry.subject_id).first()
    if change is None or not fixes.is_implemented(change):
        return
    day = entry.at.astimezone(get_default_timezone()).date()
    for key in fixes.problems_fixed_by(change.pk):
        problem = Problem.objects.filter(pk=key, state=State.FIXING).first()
        if problem is None:
            continue
        with suppress(TransitionRefused):
            operations.verify(
                problem=problem,
                by=None,
                at=entry.at,
                watch_until_date=day + timedelta(days=WATCHED_DAYS),
                reason=_("%(reference)s was implemented.") % {"reference": change.reference},
            )
