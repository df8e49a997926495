"""The review meeting of a report: plan it, write down who came and what was said, close the minutes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.fingerprints import fingerprint_of
from common.refusals import Refused, Stale
from common.speech import plainly
from common.texts import said
from measurement.marks import mark_days
from measurement.periods import today
from people.access import access_of, require
from people.models import User

from ..agenda import points_of
from ..enums import AgendaKind, MeetingState
from ..models import ReviewAttendee, ReviewItem, ReviewMeeting, ServiceReport
from .common import LONGEST_TEXT, lock, write_down

LONGEST_PLACE = 200
LONGEST_LINE = 300
MOST_PEOPLE = 50
MOST_POINTS = 100


@transaction.atomic
def plan_meeting(
    *, report: ServiceReport, by: Any, at: datetime, starts_at: datetime, place: str = "", people: Collection[User] = ()
) -> ReviewMeeting:
    """
    Plan the review of an issued report; its agenda is made from the data as they are now.

    :param people: who is to come, of the customer or of ours who see its reports.
    :raises NotAllowed: :raises Refused: not issued, planned already, or somebody who may not read the report.
    """
    locked = lock(report)
    require(by, "report.prepare", locked)
    if not locked.is_frozen:
        raise Refused.because("not_issued", _("The report is not issued yet. Issue it, then plan its review."))
    if ReviewMeeting.objects.filter(report=locked).exists():
        raise Refused.because("exists", _("The review of this report is planned already."))
    refuse_strangers(locked, people)
    meeting = ReviewMeeting.objects.create(
        report=locked, starts_at=starts_at, place=said(place, field="place", limit=LONGEST_PLACE), chair=by
    )
    ReviewAttendee.objects.bulk_create(ReviewAttendee(meeting=meeting, user=each) for each in {by, *people})
    with plainly():  # whoever comes reads it
        points = points_of(locked)
    ReviewItem.objects.bulk_create(
        ReviewItem(meeting=meeting, position=number, kind=kind, title=title)
        for number, (kind, title) in enumerate(points, start=1)
    )
    mark_days([today(starts_at)], at=at)
    write_down("meeting_planned", locked, by=by, at=at, starts_at=starts_at)
    return meeting


@transaction.atomic
def add_topic(*, meeting: ReviewMeeting, by: Any, at: datetime, title: str) -> ReviewItem:
    """Add a point by hand. :raises NotAllowed: :raises Refused: no text, or minutes closed."""
    locked = lock_open(meeting, by)
    title = said(title, field="title", limit=LONGEST_LINE, missing=_("The topic is missing. Say what to talk about."))
    count = locked.items.count()
    if count >= MOST_POINTS:
        raise Refused.because("too_many", _("At most %(count)d points fit.") % {"count": MOST_POINTS}, "title")
    return ReviewItem.objects.create(meeting=locked, position=count + 1, kind=AgendaKind.TOPIC, title=title)


@transaction.atomic
def take_minutes(
    *, meeting: ReviewMeeting, by: Any, at: datetime, texts: Mapping[int, str], there: Mapping[int, bool | None],
    remarks: str, version: int | None = None,
) -> ReviewMeeting:  # fmt: skip
    """
    Write down what was said about each point and who came.

    :param texts: by key of the item. :param there: by key of the attendee.
    :raises NotAllowed: :raises Stale: :raises Refused: minutes closed, too long a text.
    """
    locked = lock_open(meeting, by, version=version)
    for item in locked.items.all():
        if item.pk in texts:
            item.text = said(texts[item.pk], field=f"text_{item.pk}", limit=LONGEST_TEXT)
            item.save(update_fields=["text"])
    for attendee in locked.attendees.all():
        if attendee.pk in there:
            attendee.was_there = there[attendee.pk]
            attendee.save(update_fields=["was_there"])
    locked.remarks = said(remarks, field="remarks", limit=LONGEST_TEXT)
    locked.version += 1
    locked.save(update_fields=["remarks", "version"])
    return locked


@transaction.atomic
def close_minutes(*, meeting: ReviewMeeting, by: Any, at: datetime, version: int | None = None) -> ReviewMeeting:
    """
    Freeze the minutes under a fingerprint.

    :raises NotAllowed: :raises Stale: :raises Refused: closed, not begun, nobody came, or nothing said about a point.
    """
    locked = lock_open(meeting, by, version=version)
    if locked.starts_at > at:
        raise Refused.because("ahead", _("The meeting lies ahead. Correct its date, or close the minutes after it."))
    silent = [item.title for item in locked.items.all() if not item.text]
    if silent:
        raise Refused.because(
            "silent",
            _("Nothing is written about: %(points)s. Say what was said.") % {"points": "; ".join(silent)[:600]},
        )
    if not locked.attendees.filter(was_there=True).exists():
        raise Refused.because("nobody", _("Nobody is marked as having been there. Say who came."))
    locked.attendees.filter(was_there=None).update(was_there=False)
    locked.document = _document(locked)
    locked.fingerprint = fingerprint_of(locked.document)
    locked.state, locked.closed_at, locked.closed_by = MeetingState.CLOSED, at, by
    locked.version += 1
    locked.save()
    mark_days([today(locked.starts_at)], at=at)
    write_down("meeting_closed", locked.report, by=by, at=at, fingerprint=locked.fingerprint)
    return locked


def _document(meeting: ReviewMeeting) -> dict[str, Any]:
    return {
        "form": 1,
        "report": {"id": meeting.report_id, "label": str(meeting.report), "fingerprint": meeting.report.fingerprint},
        "starts_at": meeting.starts_at.isoformat(),
        "place": meeting.place,
        "chair": meeting.chair.name,
        "attendance": [
            {"name": each.user.name, "was_there": bool(each.was_there)}
            for each in meeting.attendees.select_related("user")
        ],
        "items": [{"kind": each.kind, "title": each.title, "text": each.text} for each in meeting.items.all()],
        "actions": [
            {"text": each.text, "owner": each.owner.name, "due_date": each.due_date.isoformat()}
            for each in meeting.actions.select_related("owner")
        ],
        "remarks": meeting.remarks,
    }


def lock_open(meeting: ReviewMeeting, by: Any, *, version: int | None = None) -> ReviewMeeting:
    """Hold a meeting whose minutes are open. :raises NotAllowed: :raises Stale: :raises Refused: they are closed."""
    rows = ReviewMeeting.objects.select_for_update(of=("self",)).select_related("report__organization", "chair")
    fresh = rows.get(pk=meeting.pk)
    require(by, "report.prepare", fresh.report)
    if version is not None and version != fresh.version:
        raise Stale.because(
            "stale", _("The minutes were changed by somebody else meanwhile. Compare, then save again.")
        )
    if fresh.is_closed:
        raise Refused.because("closed", _("The minutes are closed; they stay as they are."))
    return fresh


def refuse_strangers(report: ServiceReport, people: Collection[User], *, field: str = "people") -> None:
    """:raises Refused: somebody among them may not read the report, or there are too many."""
    if len(people) > MOST_PEOPLE:
        raise Refused.because("too_many", _("At most %(count)d people fit.") % {"count": MOST_PEOPLE}, field)
    for person in people:
        is_theirs = person.organization_id == report.organization_id
        if not person.is_active or not (is_theirs or access_of(person).allows_on("report.view", report)):
            raise Refused.because(
                "stranger", _("%(person)s may not read this report. Choose somebody else.") % {"person": person}, field
            )
