"""
What reviews with customers are measured by: whether they are held, and whether what they decide is done.

As a record would have them: a review belongs to a customer, to no service and no team. The key is negative, so that a
mark of a record with the same number is not taken for one of these rows; an action that stands in the register of
improvements has the key of its improvement, which says when it is done.
"""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, register

from .. import actions

_PLACE = "NULL::bigint AS service_id, NULL::bigint AS team_id, s.organization_id, 0 AS priority, s.is_sample"
_MEETING = "reports_reviewmeeting m JOIN reports_servicereport s ON s.id = m.report_id"
_MEETINGS = f"(SELECT -m.id AS id, m.id AS row_id, {_PLACE}, m.starts_at, m.state FROM {_MEETING}) r"  # noqa: S608 - ours
# The improvement of each is looked up by its key; OFFSET keeps PostgreSQL from reading all records beside the actions.
_ACTIONS = (
    f"(SELECT coalesce(a.record_id, -a.id) AS id, a.id AS row_id, {_PLACE}, a.made_at, a.due_date,"  # noqa: S608 - ours
    f" least(a.done_at, x.closed_at) AS ended_at FROM {_MEETING} JOIN reports_reviewaction a ON a.meeting_id = m.id"
    " LEFT JOIN LATERAL (SELECT d.closed_at FROM records_record d"
    " WHERE d.id = a.record_id AND d.phase = 'done' OFFSET 0) x ON true) r"
)

MEETINGS = Family(
    name="review.meetings",
    definition=1,
    source=_MEETINGS,
    amounts=("planned", "held"),
    events=(Event(moment="r.starts_at", amounts={"planned": "1", "held": "(r.state = 'closed')::int"}),),
    rows="reports.ReviewMeeting",
    row="r.row_id",
)
ACTIONS = actions.family_of(name="review.actions", rows="reports.ReviewAction", source=_ACTIONS)

HELD = KPI(
    id="slm-reviews",
    name=_("Service reviews held"),
    question=_("Do we talk about it as often as we said?"),
    unit=Unit.PERCENT,
    direction=Direction.HIGHER,
    families=("review.meetings",),
    numerator="held",
    numerator_text=_("reviews with customers whose minutes are closed"),
    denominator="planned",
    denominator_text=_("reviews with customers that were planned for the period"),
    factor=100,
    target=95,
    event_text=_("the day for which the review was planned"),
    source_text=_("reviews of service reports"),
    caveat=_("A review counts as held once its minutes are closed; then its day is counted anew."),
)


def declare() -> None:
    """Called from `ready`."""
    register(MEETINGS, HELD)
    actions.measure(ACTIONS)
