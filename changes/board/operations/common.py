"""What the acts on meetings have in common."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from audit import log
from common.refusals import NotAllowed, Refused, Stale

from ..models import AgendaItem, Meeting
from ..queries.people import may_conduct


def lock(meeting: Meeting, *, version: int | None = None) -> Meeting:
    """
    Read the meeting afresh and hold it; inside a transaction. Acts on one meeting come one after the other.

    :param version: that the person has seen. :raises Stale: it is another one by now.
    """
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("board", "chair", "secretary")
    fresh = rows.get(pk=meeting.pk)
    if version is not None and version != fresh.version:
        raise Stale.because("stale", _("The meeting was changed by somebody else. Compare, then save again."))
    return fresh


def lock_item(meeting: Meeting, item: AgendaItem) -> AgendaItem:
    """The item afresh, below a locked meeting. :raises Refused: it was taken off the agenda."""
    rows = AgendaItem.objects.select_for_update(of=("self",)).select_related("change", "step__approval")
    fresh = rows.filter(meeting=meeting, pk=item.pk).first()
    if fresh is None:
        raise Refused.because("gone", _("This item was taken off the agenda. Load the page again."))
    fresh.meeting = meeting
    return fresh


def require_conductor(meeting: Meeting, by: Any, *, at: datetime) -> None:
    """:raises NotAllowed: neither the chair, nor their deputy, nor who writes the minutes."""
    if by is not None and not may_conduct(meeting, by, at=at):
        raise NotAllowed.because(
            "not_the_chair",
            _("Only %(chair)s, who chairs this meeting, their deputy, or who writes the minutes can do this.")
            % {"chair": meeting.chair},
        )


def require_planned(meeting: Meeting) -> None:
    if not meeting.is_planned:
        raise Refused.because("not_planned", _("This meeting is %(state)s; its plan is settled.") % _state(meeting))


def require_held(meeting: Meeting) -> None:
    if meeting.is_planned:
        raise Refused.because("not_begun", _("The meeting has not begun. Begin it first."))
    if not meeting.is_held:
        raise Refused.because(
            "not_held", _("This meeting is %(state)s; what was said is settled. Add a correction.") % _state(meeting)
        )


def require_unsettled(meeting: Meeting) -> None:
    """Planned or held: its agenda can still change."""
    if not (meeting.is_planned or meeting.is_held):
        raise Refused.because("settled", _("This meeting is %(state)s; its agenda is settled.") % _state(meeting))


def _state(meeting: Meeting) -> dict[str, Any]:
    return {"state": meeting.get_state_display()}


def save(meeting: Meeting, *fields: str) -> None:
    """Save the named fields with a new version."""
    meeting.version += 1
    meeting.save(update_fields=[*fields, "version"])


def invited(meeting: Meeting) -> list[int]:
    """Keys of those who know of the meeting; nobody before the invitation went out."""
    if meeting.invited_at is None:
        return []
    return list(meeting.attendees.order_by("user_id").values_list("user_id", flat=True))


def write_down(action: str, meeting: Meeting, /, *, by: Any, at: datetime, reason: str = "", **data: Any) -> None:
    """Log an act about the meeting."""
    log.record(
        f"meeting.{action}",
        subject_kind="meeting",
        subject_id=meeting.pk,
        subject_label=str(meeting),
        by=by,
        at=at,
        reason=reason,
        data=data,
    )
