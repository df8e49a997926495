"""What incidents are measured by: families of amounts, and the KPIs they answer."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, day_of, register
from measurement.explorer import flows
from slm.measures import kept, measure_clocks_of

from .security import CLOSED_IN_TIME, SECURITY

IS_INCIDENT = "r.kind = 'incident'"
_OPENED, _RESOLVED, _CLOSED = day_of("r.opened_at"), day_of("r.resolved_at"), day_of("r.closed_at")
_ENDED = day_of("coalesce(r.resolved_at, r.closed_at)")
_BREACHED = day_of("c.breached_at")
_RECORD = "records_record r"
# Under “restart” a reopened incident has several resolution clocks; the latest one tells whether it is past target.
_IS_LATEST = (
    "c.kind = 'resolution' AND c.state <> 'void' AND NOT EXISTS (SELECT 1 FROM slm_clock later"
    " WHERE later.record_id = c.record_id AND later.kind = 'resolution' AND later.state <> 'void' AND later.id > c.id)"
)
_CLOCK = "slm_clock c JOIN records_record r ON r.id = c.record_id AND c.breached_at IS NOT NULL"
_STILL_OPEN = f"({IS_INCIDENT} AND {_OPENED} <= %(day)s AND ({_ENDED} IS NULL OR {_ENDED} > %(day)s))"
AGED_DAYS = 30

FLOW = Family(
    name="incident.flow",
    definition=2,
    source=_RECORD,
    amounts=("opened", "open", "aged", "breached", "responded", "response_seconds", "for_services", "monitored"),
    singles={"response_seconds": "responded"},
    events=(
        Event(
            moment="r.opened_at",
            where=IS_INCIDENT,
            amounts={
                "opened": "1",
                "open": "1",
                "for_services": "(r.service_id IS NOT NULL)::int",
                "monitored": "(r.service_id IS NOT NULL AND r.source = 'monitoring')::int",
            },
        ),
        Event(
            moment="r.opened_at",
            days_later=AGED_DAYS,
            where=f"{IS_INCIDENT} AND ({_ENDED} IS NULL OR {_ENDED} > {_OPENED} + {AGED_DAYS})",
            amounts={"aged": "1"},
        ),
        Event(
            moment="r.resolved_at",
            where=IS_INCIDENT,
            amounts={"open": "-1", "aged": f"CASE WHEN {_RESOLVED} > {_OPENED} + {AGED_DAYS} THEN -1 ELSE 0 END"},
        ),
        Event(
            moment="r.closed_at",
            where=f"{IS_INCIDENT} AND r.resolved_at IS NULL",
            amounts={"open": "-1", "aged": f"CASE WHEN {_CLOSED} > {_OPENED} + {AGED_DAYS} THEN -1 ELSE 0 END"},
        ),
        Event(
            moment="r.responded_at",
            where=IS_INCIDENT,
            amounts={
                "responded": "1",
                "response_seconds": "round(greatest(extract(epoch FROM r.responded_at - r.opened_at), 0))",
            },
        ),
        Event(
            source=_CLOCK,
            moment="c.breached_at",
            where=f"{IS_INCIDENT} AND {_IS_LATEST} AND ({_ENDED} IS NULL OR {_ENDED} > {_BREACHED})",
            amounts={"breached": "1"},
        ),
        Event(
            source=_CLOCK,
            moment="r.resolved_at",
            where=f"{IS_INCIDENT} AND {_IS_LATEST} AND {_RESOLVED} > {_BREACHED}",
            amounts={"breached": "-1"},
        ),
        Event(
            source=_CLOCK,
            moment="r.closed_at",
            where=f"{IS_INCIDENT} AND {_IS_LATEST} AND r.resolved_at IS NULL AND {_CLOSED} > {_BREACHED}",
            amounts={"breached": "-1"},
        ),
    ),
    standing={
        "open": _STILL_OPEN,
        "aged": f"{_STILL_OPEN} AND {_OPENED} <= %(day)s - {AGED_DAYS}",
        # One look into an index for each that is open; EXISTS would have the planner read all clocks ever.
        "breached": f"{_STILL_OPEN} AND coalesce((SELECT {_BREACHED} <= %(day)s FROM slm_clock c"  # noqa: S608 - ours
        " WHERE c.record_id = r.id AND c.kind = 'resolution' AND c.state <> 'void' ORDER BY c.id DESC LIMIT 1), false)",
    },
)

RESOLVED = Family(
    name="incident.resolved",
    definition=1,
    source=(
        "records_record r JOIN incidents_incident i ON i.record_ptr_id = r.id"
        " LEFT JOIN people_team t ON t.id = r.team_id"
    ),
    amounts=("resolved", "reopened", "bounces", "contacts", "first_contact", "first_line"),
    events=(
        Event(
            moment="r.resolved_at",
            where=IS_INCIDENT,
            amounts={
                "resolved": "1",
                "reopened": "(r.reopen_count > 0)::int",
                "bounces": "r.bounce_count",
                "contacts": "(r.source IN ('phone', 'mail', 'portal', 'walk_in', 'chat'))::int",
                "first_contact": "(i.is_first_contact)::int",
                "first_line": "(r.bounce_count = 0 AND coalesce(t.is_first_line, false))::int",
            },
        ),
    ),
)

_ON_OPENED = _("the day on which it was opened")
_ON_RESOLVED = _("the day on which it was resolved")
_AT_END = _("the end of the day; for longer periods of their last day")

KPIS = (
    KPI(
        id="inc-resolution-sla",
        name=_("Resolved within target"),
        question=_("Do we resolve incidents when we said we would?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("incident.finished",),
        numerator="resolution_met",
        numerator_text=_("resolution clocks of incidents that were met"),
        denominator="resolution_finished",
        denominator_text=_("resolution clocks of incidents that finished"),
        factor=100,
        target=95,
        event_text=_("the day on which the clock finished"),
        source_text=_("incidents and their clocks"),
        caveat=_("Incidents past target and still open stand under “Open past target”, not here."),
    ),
    KPI(
        id="inc-response-sla",
        name=_("Answered within target"),
        question=_("Do people hear from us when we said they would?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("incident.finished",),
        numerator="response_met",
        numerator_text=_("response clocks of incidents that were met"),
        denominator="response_finished",
        denominator_text=_("response clocks of incidents that finished"),
        factor=100,
        target=95,
        event_text=_("the day on which the clock finished"),
        source_text=_("incidents and their clocks"),
    ),
    KPI(
        id="inc-volume",
        name=_("Incidents opened"),
        question=_("How much breaks?"),
        unit=Unit.COUNT,
        direction=Direction.LOWER,
        families=("incident.flow",),
        numerator="opened",
        numerator_text=_("incidents opened"),
        event_text=_ON_OPENED,
        source_text=_("incidents"),
    ),
    KPI(
        id="inc-detected-by-monitoring",
        name=_("Detected by monitoring"),
        question=_("Do we notice before our users do?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("incident.flow",),
        numerator="monitored",
        numerator_text=_("incidents of services that monitoring reported"),
        denominator="for_services",
        denominator_text=_("incidents opened that name a service"),
        factor=100,
        target=60,
        event_text=_ON_OPENED,
        source_text=_("incidents"),
    ),
    KPI(
        id="inc-mean-time-acknowledge",
        name=_("Mean time to first answer"),
        question=_("How long do people wait for a first answer?"),
        unit=Unit.MINUTES,
        direction=Direction.LOWER,
        families=("incident.flow",),
        numerator="response_seconds",
        numerator_text=_("time from opening to the first public answer, around the clock"),
        denominator="responded",
        denominator_text=_("incidents with a first answer"),
        factor=1 / 60,
        event_text=_("the day of the first answer"),
        source_text=_("incidents"),
        single=_("Time to first answer"),
        caveat=_("Automatic mails are no answer."),
    ),
    KPI(
        id="inc-mttr-resolve",
        name=_("Mean time to resolve"),
        question=_("How long does it take until it works again?"),
        unit=Unit.HOURS,
        direction=Direction.LOWER,
        families=("incident.finished",),
        numerator="resolution_seconds",
        numerator_text=_("working time used by resolution clocks, agreed pauses left out"),
        denominator="resolution_timed",
        denominator_text=_("resolution clocks that finished"),
        factor=1 / 3600,
        event_text=_("the day on which the clock finished"),
        source_text=_("incidents and their clocks"),
        single=_("Time to resolve"),
        caveat=_("The mean hides long tails; read it with median and 90th percentile."),
    ),
    KPI(
        id="inc-backlog",
        name=_("Open incidents"),
        question=_("How much work lies before us?"),
        unit=Unit.COUNT,
        direction=Direction.LOWER,
        families=("incident.flow",),
        numerator="open",
        numerator_text=_("incidents opened and not yet resolved, closed or cancelled"),
        event_text=_AT_END,
        source_text=_("incidents"),
        is_stock=True,
        caveat=_("A reopened incident counts as open all the time since it was opened: it was not solved."),
    ),
    KPI(
        id="inc-backlog-age",
        name=_("Open for more than 30 days"),
        question=_("Does old work pile up?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("incident.flow",),
        numerator="aged",
        numerator_text=_("open incidents that were opened 30 or more calendar days before"),
        denominator="open",
        denominator_text=_("open incidents"),
        factor=100,
        target=5,
        event_text=_AT_END,
        source_text=_("incidents"),
        is_stock=True,
    ),
    KPI(
        id="inc-open-breached",
        name=_("Open past target"),
        question=_("Whom are we letting down right now?"),
        unit=Unit.COUNT,
        direction=Direction.LOWER,
        families=("incident.flow",),
        numerator="breached",
        numerator_text=_("open incidents whose resolution target has passed"),
        event_text=_AT_END,
        source_text=_("incidents and their clocks"),
        target=0,
        is_stock=True,
    ),
    KPI(
        id="inc-reopen",
        name=_("Reopened"),
        question=_("Do our solutions hold?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("incident.resolved",),
        numerator="reopened",
        numerator_text=_("resolved incidents that had been reopened at least once"),
        denominator="resolved",
        denominator_text=_("incidents resolved"),
        factor=100,
        target=5,
        event_text=_("the day of the latest resolution"),
        source_text=_("incidents"),
    ),
    KPI(
        id="inc-reassign",
        name=_("Team changes per incident"),
        question=_("Do incidents reach the right team at once?"),
        unit=Unit.EACH,
        direction=Direction.LOWER,
        families=("incident.resolved",),
        numerator="bounces",
        numerator_text=_("changes from one team to another on resolved incidents"),
        denominator="resolved",
        denominator_text=_("incidents resolved"),
        target=1.5,
        event_text=_ON_RESOLVED,
        source_text=_("incidents"),
    ),
    KPI(
        id="inc-fcr",
        name=_("Resolved at first contact"),
        question=_("How often is one call enough?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("incident.resolved",),
        numerator="first_contact",
        numerator_text=_("incidents resolved by whoever took the report, without a handover"),
        denominator="contacts",
        denominator_text=_("resolved incidents that a person reported: phone, e-mail, portal, chat, in person"),
        factor=100,
        target=70,
        event_text=_ON_RESOLVED,
        source_text=_("incidents"),
    ),
    KPI(
        id="inc-first-line",
        name=_("Resolved by first line"),
        question=_("How much stays with the service desk?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("incident.resolved",),
        numerator="first_line",
        numerator_text=_("incidents resolved by a first-line team without a team change"),
        denominator="resolved",
        denominator_text=_("incidents resolved"),
        factor=100,
        target=65,
        event_text=_ON_RESOLVED,
        source_text=_("incidents"),
    ),
)


PROMISES = (
    kept(
        id="inc-update-sla",
        kind="incident",
        clock="update",
        name=_("Updated within target"),
        question=_("Do people hear how it goes as often as we said they would?"),
    ),
    kept(
        id="inc-team-sla",
        kind="incident",
        clock="team",
        name=_("Team agreements kept"),
        question=_("Do our teams keep what they promised each other?"),
    ),
    kept(
        id="inc-supplier-sla",
        kind="incident",
        clock="supplier",
        name=_("Supplier contracts kept"),
        question=_("Do our suppliers keep what they promised us?"),
    ),
    kept(
        id="inc-team-response-sla",
        kind="incident",
        clock="team_response",
        name=_("Taken up by teams within target"),
        question=_("Do our teams take tickets up as soon as they promised each other?"),
    ),
    kept(
        id="inc-task-sla",
        kind="incident",
        clock="task",
        name=_("Tasks of incidents done within target"),
        question=_("Are the tasks of incidents done when we said they would be?"),
    ),
)


def declare() -> None:
    """Called from `ready`."""
    measure_clocks_of("incident")
    register(FLOW, RESOLVED, SECURITY, *KPIS, *PROMISES, CLOSED_IN_TIME)
    flows.register(flows.Flow("incident", arrived="inc-volume", stock="inc-backlog"))
