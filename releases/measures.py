"""What releases are measured by: families of amounts, and the KPIs they answer."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, day_of, register
from slm.measures import kept, measure_clocks_of

DEFECT_DAYS = 30

_RELEASE = "records_record r JOIN releases_release l ON l.record_ptr_id = r.id"
# Incidents and problems that the release or something in it caused, each once, within 30 days.
_ESCAPED = (
    "(SELECT count(DISTINCT d.id) FROM records_link c JOIN records_record d ON d.id = c.from_record_id"  # noqa: S608 - ours
    " WHERE c.kind = 'caused_by' AND d.kind IN ('incident', 'problem') AND d.state <> 'cancelled'"
    " AND (c.to_record_id = r.id OR c.to_record_id IN (SELECT x.from_record_id FROM records_link x"
    " WHERE x.to_record_id = r.id AND x.kind = 'released_in'))"
    f" AND d.opened_at >= l.deploy_began_at AND d.opened_at < l.deploy_began_at + interval '{DEFECT_DAYS} days')"
)
_FOUND = "(SELECT coalesce(sum(a.failures), 0) FROM releases_acceptancecriterion a WHERE a.release_id = r.id)"

FLOW = Family(
    name="release.flow",
    definition=1,
    source=_RELEASE,
    amounts=("promised", "on_time"),
    events=(
        Event(
            moment="l.promised_to",
            where="r.state <> 'cancelled'",
            amounts={
                "promised": "1",
                "on_time": f"coalesce(({day_of('l.deployed_at')} <= {day_of('l.promised_to')})::int, 0)",
            },
        ),
    ),
)
DEFECTS = Family(
    name="release.defects",
    definition=1,
    source=_RELEASE,
    amounts=("escaped", "found"),
    events=(Event(moment="l.deploy_began_at", amounts={"escaped": _ESCAPED, "found": f"({_ESCAPED} + {_FOUND})"}),),
)
KPIS = (
    KPI(
        id="rel-on-time",
        name=_("Releases deployed on planned date"),
        question=_("Do releases come when we said?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("release.flow",),
        numerator="on_time",
        numerator_text=_("releases that were live on the promised day or before"),
        denominator="promised",
        denominator_text=_("releases that were promised for the period and not cancelled"),
        factor=100,
        target=90,
        event_text=_("the promised day"),
        source_text=_("releases"),
        caveat=_("Promised is the date planned when building began. Planning it anew later does not move the promise."),
    ),
    KPI(
        id="rel-defect-escape",
        name=_("Defect escape rate"),
        question=_("Do we find defects before our users do?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("release.defects",),
        numerator="escaped",
        numerator_text=_("incidents and problems that the release caused within 30 days"),
        denominator="found",
        denominator_text=_("those, and the times that an acceptance criterion was found not met"),
        factor=100,
        target=10,
        event_text=_("the day on which the deployment began"),
        source_text=_("releases, and what is linked as caused by them or by what is in them"),
    ),
)


GO_IN_TIME = kept(
    id="rel-approval-sla",
    kind="release",
    clock="approval",
    name=_("Steps of the go decided within target"),
    question=_("Do those who are asked decide about releases when they said they would?"),
)

TASKS_IN_TIME = kept(
    id="rel-task-sla",
    kind="release",
    clock="task",
    name=_("Tasks of releases done within target"),
    question=_("Are the tasks of releases done when we said they would be?"),
)


def declare() -> None:
    """Called from `ready`."""
    measure_clocks_of("release")
    register(FLOW, DEFECTS, *KPIS, GO_IN_TIME, TASKS_IN_TIME)
