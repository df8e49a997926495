"""What availability is measured by. Days of services are the rows behind the numbers, and outages for restoring."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, register

# As a record would have them: an outage belongs to no organization and has no priority. The key is negative, so that a
# mark of a record with the same number is not taken for one of these rows.
_PLACE = "s.id AS service_id, s.support_team_id AS team_id, NULL::bigint AS organization_id, 0 AS priority, s.is_sample"
_DAYS = (
    f"(SELECT -d.id AS id, d.id AS row_id, {_PLACE}, d.began_at, d.agreed_seconds, d.lost_hundredths, d.failed_seconds,"  # noqa: S608 - ours
    " d.failures, d.user_hundredths, d.budget, d.spent_hundredths"
    " FROM availability_serviceday d JOIN services_service s ON s.id = d.service_id) r"
)
_MONTHS = (
    f"(SELECT -m.id AS id, m.id AS row_id, {_PLACE}, m.counted_at, m.is_kept FROM availability_servicemonth m"  # noqa: S608 - ours
    " JOIN services_service s ON s.id = m.service_id) r"
)
_OUTAGES = (
    f"(SELECT -o.id AS id, o.id AS row_id, {_PLACE}, o.started_at, o.ended_at FROM availability_outage o"  # noqa: S608 - ours
    " JOIN services_service s ON s.id = o.service_id"
    " WHERE o.state = 'confirmed' AND NOT o.is_planned AND o.weight > 0) r"
)

DAYS = Family(
    name="availability.days",
    definition=2,
    source=_DAYS,
    amounts=("agreed", "up", "agreed_seconds", "up_seconds", "failures", "user_hundredths", "allowed", "left"),
    events=(
        Event(
            moment="r.began_at",
            amounts={
                "agreed": "r.agreed_seconds * 100",
                "up": "r.agreed_seconds * 100 - r.lost_hundredths",
                "agreed_seconds": "r.agreed_seconds",
                "up_seconds": "r.agreed_seconds - r.failed_seconds",
                "failures": "r.failures",
                "user_hundredths": "r.user_hundredths",
                "allowed": "coalesce(r.budget, 0)",
                "left": "coalesce(r.budget - r.spent_hundredths::bigint * 1000, 0)",
            },
        ),
    ),
    rows="availability.ServiceDay",
    row="r.row_id",
)

RESTORED = Family(
    name="availability.restored",
    definition=1,
    source=_OUTAGES,
    amounts=("restored", "down_seconds"),
    singles={"down_seconds": "restored"},
    events=(
        Event(
            moment="r.ended_at",
            amounts={"restored": "1", "down_seconds": "round(extract(epoch FROM r.ended_at - r.started_at))"},
        ),
    ),
    rows="availability.Outage",
    row="r.row_id",
)

MONTHS = Family(
    name="availability.months",
    definition=1,
    source=_MONTHS,
    amounts=("judged", "kept"),
    events=(Event(moment="r.counted_at", amounts={"judged": "1", "kept": "r.is_kept::int"}),),
    rows="availability.ServiceMonth",
    row="r.row_id",
)

_ON_DAY = _("the day itself; days count once they are over")
_SOURCE = _("outages and the service hours of the agreements for everybody")
_TOGETHER = _("Of all services together, which says little: judge each service by itself.")

KPIS = (
    KPI(
        id="avl-availability",
        name=_("Service availability"),
        question=_("Are services usable when we said they would be?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("availability.days",),
        numerator="up",
        numerator_text=_("agreed service time without downtime, by weight"),
        denominator="agreed",
        denominator_text=_("agreed service time"),
        factor=100,
        event_text=_ON_DAY,
        source_text=_SOURCE,
        caveat=_TOGETHER,
    ),
    KPI(
        id="avl-mtbf",
        name=_("Mean time between failures"),
        question=_("How long do services run without failing?"),
        unit=Unit.HOURS,
        direction=Direction.HIGHER,
        families=("availability.days",),
        numerator="up_seconds",
        numerator_text=_("agreed service time during which nothing had failed"),
        denominator="failures",
        denominator_text=_("days on which a failure began"),
        factor=1 / 3600,
        event_text=_ON_DAY,
        source_text=_SOURCE,
        caveat=_("Without a failure there is no mean: it is longer than the period."),
    ),
    KPI(
        id="avl-mtbsi",
        name=_("Mean time between service incidents"),
        question=_("How often do services fail?"),
        unit=Unit.HOURS,
        direction=Direction.HIGHER,
        families=("availability.days",),
        numerator="agreed_seconds",
        numerator_text=_("agreed service time"),
        denominator="failures",
        denominator_text=_("days on which a failure began"),
        factor=1 / 3600,
        event_text=_ON_DAY,
        source_text=_SOURCE,
        caveat=_("Time between failures plus time to restore. Without a failure it is longer than the period."),
    ),
    KPI(
        id="avl-user-minutes",
        name=_("User minutes lost"),
        question=_("How much time do outages cost people?"),
        unit=Unit.MINUTES,
        direction=Direction.LOWER,
        families=("availability.days",),
        numerator="user_hundredths",
        numerator_text=_("people affected × downtime in the agreed service time, by weight"),
        factor=1 / 6000,
        event_text=_ON_DAY,
        source_text=_SOURCE,
        caveat=_("Outages for which nobody said how many people they hit count nothing here."),
    ),
    KPI(
        id="dora-reliability",
        name=_("Reliability goals met"),
        question=_("Are services as reliable as we promised?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("availability.months",),
        numerator="kept",
        numerator_text=_("months in which a service kept its availability"),
        denominator="judged",
        denominator_text=_("months of services for which availability was promised to everybody"),
        factor=100,
        target=95,
        event_text=_("the last day of the month; months count once they are over"),
        source_text=_SOURCE,
        caveat=_("A month is judged by the promise that ruled at its end."),
    ),
    KPI(
        id="sre-error-budget",
        name=_("Error budget left"),
        question=_("How much may still go wrong?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("availability.days",),
        numerator="left",
        numerator_text=_("downtime that the promise allows, less the downtime there was, by weight"),
        denominator="allowed",
        denominator_text=_("downtime that the availability promised to everybody allows"),
        factor=100,
        target=0,
        event_text=_ON_DAY,
        source_text=_SOURCE,
        caveat=_(
            "Below zero more was lost than allowed. Choose the days that the budget is for: the latest 28, or a month."
        ),
        is_signed=True,
    ),
    KPI(
        id="inc-mttrs",
        name=_("Mean time to restore service"),
        question=_("How long until a failed service is usable again?"),
        unit=Unit.HOURS,
        direction=Direction.LOWER,
        families=("availability.restored",),
        numerator="down_seconds",
        numerator_text=_("time from the failure until the service was usable again, around the clock"),
        denominator="restored",
        denominator_text=_("unplanned outages that ended"),
        factor=1 / 3600,
        event_text=_("the day on which the service was usable again"),
        source_text=_("outages"),
        single=_("Time to restore service"),
        caveat=_("From the failure on, not from the ticket; detecting, repairing and restoring are all in it."),
    ),
)


def declare() -> None:
    """Called from `ready`."""
    register(DAYS, MONTHS, RESTORED, *KPIS)
