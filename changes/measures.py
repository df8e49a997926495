"""What changes are measured by: families of amounts, and the KPIs they answer."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, day_of, register
from slm.measures import kept, measure_clocks_of

_CHANGE = "records_record r JOIN changes_change c ON c.record_ptr_id = r.id"
_CAUSED = (
    "EXISTS (SELECT 1 FROM records_link l JOIN records_record i ON i.id = l.from_record_id"
    " WHERE l.to_record_id = r.id AND l.kind = 'caused_by' AND i.kind = 'incident')"
)
_IN_WINDOW = "(c.actual_from >= c.planned_from AND c.actual_to <= c.planned_to) IS TRUE"
_IS_INCIDENT_OF_CHANGE = (
    "r.kind = 'incident' AND EXISTS (SELECT 1 FROM records_link l JOIN records_record x ON x.id = l.to_record_id"
    " WHERE l.from_record_id = r.id AND l.kind = 'caused_by' AND x.kind = 'change')"
)

CLOSED = Family(
    name="change.closed",
    definition=1,
    source=_CHANGE,
    amounts=("closed", "successful", "failed", "reviewed", "reviewed_in_time"),
    events=(
        Event(
            moment="r.closed_at",
            where="r.state = 'closed'",
            amounts={
                "closed": "1",
                "successful": f"(c.outcome = 'successful' AND {_IN_WINDOW} AND NOT {_CAUSED})::int",
                "failed": "(c.outcome IN ('failed', 'backed_out'))::int",
                "reviewed": "(c.review_due_date IS NOT NULL)::int",
                "reviewed_in_time": f"coalesce({day_of('r.closed_at')} <= c.review_due_date, false)::int",
            },
        ),
    ),
)

IMPLEMENTED = Family(
    name="change.implemented",
    definition=1,
    source=_CHANGE,
    amounts=("implemented", "emergency", "standard", "in_window", "took_seconds", "timed", "caused"),
    singles={"took_seconds": "timed"},
    events=(
        Event(
            moment="c.actual_to",
            amounts={
                "implemented": "1",
                "emergency": "(c.type = 'emergency')::int",
                "standard": "(c.type = 'standard')::int",
                "in_window": f"({_IN_WINDOW})::int",
                "timed": "(c.submitted_at IS NOT NULL)::int",
                "took_seconds": "coalesce(round(greatest(extract(epoch FROM c.actual_to - c.submitted_at), 0)), 0)",
            },
        ),
        Event(
            source="records_record r",
            moment="r.opened_at",
            where=_IS_INCIDENT_OF_CHANGE,
            amounts={"caused": "1"},
        ),
    ),
)

_ON_CLOSED = _("the day on which it was closed")
_ON_ENDED = _("the day on which the work ended")
_CLOSED_TEXT = _("changes closed; rejected and cancelled ones are none")
_IMPLEMENTED_TEXT = _("changes implemented, however they ended")
_CHANGES = _("changes")

KPIS = (
    KPI(
        id="chg-success",
        name=_("Change success"),
        question=_("Do our changes work?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("change.closed",),
        numerator="successful",
        numerator_text=_("changes closed as successful, inside their window, to which no incident is linked as caused"),
        denominator="closed",
        denominator_text=_CLOSED_TEXT,
        factor=100,
        target=95,
        event_text=_ON_CLOSED,
        source_text=_("changes and the incidents they caused"),
    ),
    KPI(
        id="chg-fail",
        name=_("Failed or backed-out changes"),
        question=_("How many changes do not work?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("change.closed",),
        numerator="failed",
        numerator_text=_("changes closed as failed or backed out"),
        denominator="closed",
        denominator_text=_CLOSED_TEXT,
        factor=100,
        target=5,
        event_text=_ON_CLOSED,
        source_text=_CHANGES,
    ),
    KPI(
        id="chg-incidents-caused",
        name=_("Incidents caused by changes"),
        question=_("What do our changes break?"),
        unit=Unit.EACH,
        direction=Direction.LOWER,
        families=("change.implemented",),
        numerator="caused",
        numerator_text=_("incidents opened and linked as caused by a change"),
        denominator="implemented",
        denominator_text=_IMPLEMENTED_TEXT,
        target=0.05,
        event_text=_("the day on which the incident was opened, or the work ended"),
        source_text=_("changes and the incidents they caused"),
        caveat=_("An incident counts once somebody has linked it with its change."),
    ),
    KPI(
        id="chg-emergency",
        name=_("Emergency changes"),
        question=_("Do emergencies become a habit?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("change.implemented",),
        numerator="emergency",
        numerator_text=_("emergency changes implemented"),
        denominator="implemented",
        denominator_text=_IMPLEMENTED_TEXT,
        factor=100,
        target=10,
        event_text=_ON_ENDED,
        source_text=_CHANGES,
    ),
    KPI(
        id="chg-lead-time",
        name=_("Lead time of changes"),
        question=_("How long does a change take from the request to the end of the work?"),
        unit=Unit.HOURS,
        direction=Direction.LOWER,
        families=("change.implemented",),
        numerator="took_seconds",
        numerator_text=_("time from submission to the end of the work, around the clock"),
        denominator="timed",
        denominator_text=_IMPLEMENTED_TEXT,
        factor=1 / 3600,
        target=240,
        event_text=_ON_ENDED,
        source_text=_CHANGES,
        caveat=_("An amended change counts from its latest submission."),
    ),
    KPI(
        id="chg-standard-share",
        name=_("Standard changes"),
        question=_("How much of our work is repeatable and known?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("change.implemented",),
        numerator="standard",
        numerator_text=_("standard changes implemented"),
        denominator="implemented",
        denominator_text=_IMPLEMENTED_TEXT,
        factor=100,
        target=50,
        event_text=_ON_ENDED,
        source_text=_CHANGES,
    ),
    KPI(
        id="chg-pir",
        name=_("Changes reviewed in time"),
        question=_("Do we look back while we still remember?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("change.closed",),
        numerator="reviewed_in_time",
        numerator_text=_("reviewed changes closed on the day the review was due, or before"),
        denominator="reviewed",
        denominator_text=_("changes closed that had to be reviewed"),
        factor=100,
        target=95,
        event_text=_ON_CLOSED,
        source_text=_CHANGES,
        caveat=_("Standard changes that succeed need no review."),
    ),
    KPI(
        id="chg-window",
        name=_("Changes inside their window"),
        question=_("Do we keep to the windows we announced?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("change.implemented",),
        numerator="in_window",
        numerator_text=_("changes begun and ended inside their planned window"),
        denominator="implemented",
        denominator_text=_IMPLEMENTED_TEXT,
        factor=100,
        target=95,
        event_text=_ON_ENDED,
        source_text=_CHANGES,
    ),
)


DECIDED = kept(
    id="chg-decision-sla",
    kind="change",
    clock="decision",
    name=_("Decided within target"),
    question=_("Do we decide about changes when we said we would?"),
)

APPROVED_IN_TIME = kept(
    id="chg-approval-sla",
    kind="change",
    clock="approval",
    name=_("Steps of approvals decided within target"),
    question=_("Do those who are asked decide about changes when they said they would?"),
)

TASKS_IN_TIME = kept(
    id="chg-task-sla",
    kind="change",
    clock="task",
    name=_("Tasks of changes done within target"),
    question=_("Are the tasks of changes done when we said they would be?"),
)


def declare() -> None:
    """Called from `ready`."""
    measure_clocks_of("change")
    register(CLOSED, IMPLEMENTED, *KPIS, DECIDED, APPROVED_IN_TIME, TASKS_IN_TIME)
