"""What is to be done after a review: given to somebody, written into the register of improvements, done."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refused
from common.texts import said
from people.access import can, require
from people.models import User

from ... import actions
from .. import register
from ..models import ReviewAction, ReviewMeeting
from .common import write_down
from .meeting import LONGEST_LINE, lock_open, refuse_strangers

LONGEST_TITLE = 200


@transaction.atomic
def give_action(
    *, meeting: ReviewMeeting, by: Any, at: datetime, text: str, owner: User, due_date: date,
    is_for_register: bool = False,
) -> ReviewAction:  # fmt: skip
    """
    Give somebody something to do; they are told.

    :param is_for_register: write it into the register of improvements in the same act.
    :raises NotAllowed: :raises Refused: no text, a day that has passed, minutes closed, or somebody who may not read
        the report.
    """
    locked = lock_open(meeting, by)
    text = said(text, field="text", limit=LONGEST_LINE, missing=_("The action is missing. Say what is to be done."))
    if due_date < at.date():
        raise Refused.because("past", _("That day has passed. Pick a later one."), "due_date")
    refuse_strangers(locked.report, [owner], field="owner")
    made = ReviewAction.objects.create(meeting=locked, text=text, owner=owner, due_date=due_date, made_at=at)
    actions.count_again(made, at=at)
    write_down("action_given", locked.report, by=by, at=at, action=made.pk, text=text, owner=owner.pk)
    return _register(made, by=by, at=at) if is_for_register else made


@transaction.atomic
def register_action(*, action: ReviewAction, by: Any, at: datetime) -> ReviewAction:
    """
    Write an action into the register of improvements. From then on the improvement says whether it is done.

    :raises NotAllowed: :raises Refused: it is done, or stands there already.
    """
    fresh = _lock_action(action)
    require(by, "report.prepare", fresh.meeting.report)
    _refuse_done(fresh)
    return _register(fresh, by=by, at=at)


@transaction.atomic
def finish_action(*, action: ReviewAction, by: Any, at: datetime) -> ReviewAction:
    """
    Say that it is done: its owner, or who prepares reports. :raises NotAllowed: :raises Refused: done already, or its
    improvement says that.
    """
    fresh = _lock_action(action)
    if fresh.owner_id != by.pk and not can(by, "report.prepare", fresh.meeting.report):
        raise NotAllowed.because("not_yours", _("Only who was given this, or who prepares the reports, can say that."))
    _refuse_done(fresh)
    fresh.done_at, fresh.done_by = at, by
    fresh.save(update_fields=["done_at", "done_by"])
    actions.count_again(fresh, at=at)
    write_down("action_done", fresh.meeting.report, by=by, at=at, action=fresh.pk, text=fresh.text)
    return fresh


def _lock_action(action: ReviewAction) -> ReviewAction:
    rows = ReviewAction.objects.select_for_update(of=("self",)).select_related(
        "meeting__report__organization", "owner", "record"
    )
    return rows.get(pk=action.pk)


def _refuse_done(action: ReviewAction) -> None:
    if action.is_done:
        raise Refused.because("done", _("This is done already."))
    if action.record is not None:
        raise Refused.because(
            "registered",
            _("It stands in the register as %(reference)s. What is done about it is said there.")
            % {"reference": action.record.reference},
        )


def _register(action: ReviewAction, *, by: Any, at: datetime) -> ReviewAction:
    known = register.known()
    if known is None:
        raise Refused.because("no_register", _("This house keeps no register of improvements."))
    require(by, known.operation)
    report = action.meeting.report
    title = action.text if len(action.text) <= LONGEST_TITLE else f"{action.text[: LONGEST_TITLE - 1]}…"
    action.record = known.write(
        by=by,
        at=at,
        title=title,
        description=_("%(text)s\n\nGiven in the review of the report %(report)s, to be done until %(day)s.")
        % {"text": action.text, "report": report, "day": date_format(action.due_date, "j M Y")},
        owner=action.owner if known.takes(action.owner) else None,
        is_sample=report.is_sample,
    )
    action.save(update_fields=["record"])
    write_down(
        "action_registered", report, by=by, at=at, action=action.pk, text=action.text, reference=action.record.reference
    )
    return action
