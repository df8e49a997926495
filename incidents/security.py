"""What incidents marked as security incidents are measured by."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit

_CLOCKS = "slm_clock c JOIN records_record r ON r.id = c.record_id"
# One look for each clock that has stopped; a join would have the planner read all incidents, for so few are marked.
_IS_MARKED = "(SELECT i.is_security_related FROM incidents_incident i WHERE i.record_ptr_id = r.id)"

SECURITY = Family(
    name="incident.security",
    definition=1,
    source=_CLOCKS,
    amounts=("finished", "met"),
    events=(
        Event(
            moment="c.stopped_at",
            where=f"c.kind = 'resolution' AND c.state IN ('met', 'missed') AND {_IS_MARKED}",
            amounts={"finished": "1", "met": "(c.state = 'met')::int"},
        ),
    ),
    rows="slm.Clock",
    row="c.id",
)
CLOSED_IN_TIME = KPI(
    id="sec-incident-close",
    name=_("Security incidents resolved in time"),
    question=_("Do we close breaches as fast as we must?"),
    unit=Unit.PERCENT,
    direction=Direction.HIGHER,
    families=("incident.security",),
    numerator="met",
    numerator_text=_("resolution clocks of security incidents that were met"),
    denominator="finished",
    denominator_text=_("resolution clocks of security incidents that finished"),
    factor=100,
    target=95,
    event_text=_("the day on which the clock finished"),
    source_text=_("incidents marked as security incidents, and their clocks"),
    caveat=_("An incident without a target counts nowhere here."),
)
