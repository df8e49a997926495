"""What problems are measured by: families of amounts, and the KPIs they answer."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, day_of, register
from slm.measures import kept, measure_clocks_of

STALE_DAYS = 30

_PROBLEM = "records_record r JOIN problems_problem p ON p.record_ptr_id = r.id"
_KNOWN = f"{_PROBLEM} JOIN problems_knownerror k ON k.problem_id = r.id"
# Acts on a problem, with the moments of the acts before and after each: what nobody touched for 30 days is stale then.
_ACTS = (
    f"{_PROBLEM} JOIN audit_entry e ON e.subject_kind = 'record' AND e.subject_id = r.id"  # noqa: S608 - ours
    " LEFT JOIN LATERAL (SELECT max(b.at) AS at FROM audit_entry b WHERE b.subject_kind = 'record'"
    " AND b.subject_id = r.id AND b.id < e.id) before ON true"
    " LEFT JOIN LATERAL (SELECT min(a.at) AS at FROM audit_entry a WHERE a.subject_kind = 'record'"
    " AND a.subject_id = r.id AND a.id > e.id) after ON true"
)
_OPENED = day_of("r.opened_at")
_ENDED = day_of("coalesce(r.resolved_at, r.closed_at)")
_ACTED, _BEFORE, _AFTER = day_of("e.at"), day_of("before.at"), day_of("after.at")
_STILL_OPEN = f"({_OPENED} <= %(day)s AND ({_ENDED} IS NULL OR {_ENDED} > %(day)s))"
_GOES_STALE = (
    f"({_ENDED} IS NULL OR {_ENDED} > {_ACTED} + {STALE_DAYS})"
    f" AND ({_AFTER} IS NULL OR {_AFTER} > {_ACTED} + {STALE_DAYS})"
)
_WAS_STALE = f"{_ACTED} > {_BEFORE} + {STALE_DAYS} AND ({_ENDED} IS NULL OR {_ENDED} > {_BEFORE} + {STALE_DAYS})"

FLOW = Family(
    name="problem.flow",
    definition=1,
    source=_PROBLEM,
    amounts=("opened", "proactive", "solved", "open", "stale", "found", "search_seconds"),
    singles={"search_seconds": "found"},
    events=(
        Event(
            moment="r.opened_at",
            amounts={
                "opened": "1",
                "open": "1",
                "proactive": "(p.origin IN ('trend', 'risk', 'monitoring'))::int",
            },
        ),
        Event(
            moment="coalesce(r.resolved_at, r.closed_at)",
            amounts={"open": "-1", "solved": "(r.state = 'closed')::int"},
        ),
        Event(
            moment="p.cause_found_at",
            amounts={
                "found": "1",
                "search_seconds": "round(greatest(extract(epoch FROM p.cause_found_at - r.opened_at), 0))",
            },
        ),
        Event(source=_ACTS, moment="e.at", days_later=STALE_DAYS, where=_GOES_STALE, amounts={"stale": "1"}),
        Event(source=_ACTS, moment="e.at", where=_WAS_STALE, amounts={"stale": "-1"}),
    ),
    standing={
        "open": _STILL_OPEN,
        "stale": f"{_STILL_OPEN} AND NOT EXISTS (SELECT 1 FROM audit_entry e"  # noqa: S608 - our own words
        " WHERE e.subject_kind = 'record' AND e.subject_id = r.id"
        f" AND {_ACTED} > %(day)s - {STALE_DAYS} AND {_ACTED} <= %(day)s)",
    },
)

KNOWN_ERRORS = Family(
    name="problem.known_errors",
    definition=1,
    source=_KNOWN,
    amounts=("published", "with_workaround"),
    events=(
        Event(moment="k.published_at", amounts={"published": "1", "with_workaround": "k.has_workaround::int"}),
        Event(moment="k.withdrawn_at", amounts={"published": "-1", "with_workaround": "-(k.has_workaround::int)"}),
    ),
    standing={
        name: f"({day_of('k.published_at')} <= %(day)s AND (k.withdrawn_at IS NULL"
        f" OR {day_of('k.withdrawn_at')} > %(day)s)){more}"
        for name, more in (("published", ""), ("with_workaround", " AND k.has_workaround"))
    },
)

_MATCHED = (
    "EXISTS (SELECT 1 FROM records_link l JOIN problems_knownerror k ON k.problem_id = l.to_record_id"
    " WHERE l.from_record_id = r.id AND l.kind = 'caused_by' AND k.published_at <= r.resolved_at)"
    " OR EXISTS (SELECT 1 FROM records_link l JOIN records_record a ON a.id = l.to_record_id"
    " WHERE l.from_record_id = r.id AND l.kind = 'answered_with' AND a.kind = 'article')"
)

MATCHED = Family(
    name="problem.matched",
    definition=1,
    source="records_record r",
    amounts=("resolved", "matched"),
    events=(
        Event(
            moment="r.resolved_at",
            where="r.kind = 'incident'",
            amounts={"resolved": "1", "matched": f"({_MATCHED})::int"},
        ),
    ),
)

_ON_OPENED = _("the day on which it was opened")
_AT_END = _("the end of the day; for longer periods of their last day")
_PROBLEMS = _("problems")

KPIS = (
    KPI(
        id="prb-rca-time",
        name=_("Time to root cause"),
        question=_("How long do we look for a cause?"),
        unit=Unit.HOURS,
        direction=Direction.LOWER,
        families=("problem.flow",),
        numerator="search_seconds",
        numerator_text=_("time from opening to the first root cause, around the clock"),
        denominator="found",
        denominator_text=_("problems whose cause was found"),
        factor=1 / 3600,
        target=30 * 24,
        event_text=_("the day on which the cause was found"),
        source_text=_PROBLEMS,
        caveat=_("The first marked root cause or declared cause counts, even if a later one proves better."),
    ),
    KPI(
        id="prb-open-age",
        name=_("Open problems without progress"),
        question=_("Do we let problems lie?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("problem.flow",),
        numerator="stale",
        numerator_text=_("open problems that nobody touched for 30 calendar days"),
        denominator="open",
        denominator_text=_("open problems"),
        factor=100,
        target=10,
        event_text=_AT_END,
        source_text=_("problems and the log of acts on them"),
        is_stock=True,
    ),
    KPI(
        id="prb-resolved-rate",
        name=_("Problem closure ratio"),
        question=_("Do we solve as many problems as we find?"),
        unit=Unit.EACH,
        direction=Direction.HIGHER,
        families=("problem.flow",),
        numerator="solved",
        numerator_text=_("problems closed as solved"),
        denominator="opened",
        denominator_text=_("problems opened"),
        target=1,
        event_text=_("the day on which it was opened, or closed"),
        source_text=_PROBLEMS,
        caveat=_("1 means keeping up. Accepted risks and cancelled problems are not solved."),
    ),
    KPI(
        id="prb-known-errors-workaround",
        name=_("Known errors with workaround"),
        question=_("Can we help while it is not fixed?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("problem.known_errors",),
        numerator="with_workaround",
        numerator_text=_("published known errors that have a workaround"),
        denominator="published",
        denominator_text=_("published known errors"),
        factor=100,
        target=90,
        event_text=_AT_END,
        source_text=_("known errors"),
        is_stock=True,
        caveat=_("A workaround found later counts from the publication on."),
    ),
    KPI(
        id="prb-proactive",
        name=_("Proactive problems"),
        question=_("Do we look for problems before they hurt?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("problem.flow",),
        numerator="proactive",
        numerator_text=_("problems seen through a trend, a risk or monitoring"),
        denominator="opened",
        denominator_text=_("problems opened"),
        factor=100,
        target=30,
        event_text=_ON_OPENED,
        source_text=_PROBLEMS,
    ),
    KPI(
        id="inc-known-error-match",
        name=_("Incidents resolved with what was known"),
        question=_("How often do we know the answer already?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("problem.matched",),
        numerator="matched",
        numerator_text=_("resolved incidents linked with a known error published before, or answered with an article"),
        denominator="resolved",
        denominator_text=_("incidents resolved"),
        factor=100,
        target=50,
        event_text=_("the day of the latest resolution"),
        source_text=_("incidents and their links with known errors and articles"),
        caveat=_("An incident that somebody links only after its resolution counts as well."),
    ),
)


PROMISES = (
    kept(
        id="prb-known-error-sla",
        kind="problem",
        clock="known_error",
        name=_("Causes known within target"),
        question=_("Do we know the cause and a way around it when we said we would?"),
    ),
    kept(
        id="prb-solution-sla",
        kind="problem",
        clock="solution",
        name=_("Problems fixed within target"),
        question=_("Do we fix problems when we said we would?"),
    ),
    kept(
        id="prb-task-sla",
        kind="problem",
        clock="task",
        name=_("Tasks of problems done within target"),
        question=_("Are the tasks of problems done when we said they would be?"),
    ),
)


def declare() -> None:
    """Called from `ready`."""
    measure_clocks_of("problem")
    register(FLOW, KNOWN_ERRORS, MATCHED, *KPIS, *PROMISES)
