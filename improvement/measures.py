"""What improvements are measured by: families of amounts, and the KPIs they answer."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, day_of, register

_IMPROVEMENT = "records_record r JOIN improvement_improvement i ON i.record_ptr_id = r.id"
# The first moment at which it had a baseline with a target.
_TARGETED = (
    f"{_IMPROVEMENT} LEFT JOIN LATERAL (SELECT min(m.targeted_at) AS at FROM improvement_measure m"  # noqa: S608 - ours
    " WHERE m.improvement_id = r.id) t ON true"
)
_BEGAN, _ENDED = day_of("i.activated_at"), day_of("r.closed_at")
_IS_COMPLETE = "(t.at IS NOT NULL AND (r.closed_at IS NULL OR t.at < r.closed_at))::int"
_STANDING = f"({_BEGAN} <= %(day)s AND ({_ENDED} IS NULL OR {_ENDED} > %(day)s))"

FLOW = Family(
    name="improvement.flow",
    definition=1,
    source=_IMPROVEMENT,
    amounts=("opened", "done", "seconds"),
    singles={"seconds": "done"},
    events=(
        Event(moment="r.opened_at", amounts={"opened": "1"}),
        Event(
            moment="r.resolved_at",
            amounts={
                "done": "1",
                "seconds": "round(greatest("
                "extract(epoch FROM r.resolved_at - coalesce(i.triaged_at, r.opened_at)), 0))",
            },
        ),
    ),
)
READY = Family(
    name="improvement.ready",
    definition=1,
    source=_TARGETED,
    amounts=("active", "complete"),
    events=(
        Event(moment="i.activated_at", amounts={"active": "1"}),
        Event(moment="r.closed_at", where="i.activated_at IS NOT NULL",
              amounts={"active": "-1", "complete": f"-{_IS_COMPLETE}"}),
        Event(moment="greatest(i.activated_at, t.at)", where=f"i.activated_at IS NOT NULL AND {_IS_COMPLETE} = 1",
              amounts={"complete": "1"}),
    ),
    standing={"active": _STANDING, "complete": f"{_STANDING} AND {day_of('t.at')} <= %(day)s"},
)  # fmt: skip
# Of each measure with a numeric target, the latest comparison before it ended: what was planned counts 100, what was
# measured its share of that, at least nothing and at most all of it.
_COMPARED = (
    f"{_IMPROVEMENT} JOIN improvement_measure m ON m.improvement_id = r.id AND m.loop = i.loop"  # noqa: S608 - ours
    " JOIN LATERAL (SELECT (v.numbers->>'before')::float AS before, (v.numbers->>'after')::float AS after"
    " FROM improvement_verdict v WHERE v.measure_id = m.id AND v.months = 0 AND v.at <= r.closed_at"
    " ORDER BY v.id DESC LIMIT 1) v ON v.after IS NOT NULL AND v.before IS NOT NULL AND m.target <> v.before"
)
_SHARE = "greatest(0, least(1, (v.after - v.before) / (m.target - v.before)))"
BENEFIT = Family(
    name="improvement.benefit",
    definition=1,
    source=_COMPARED,
    amounts=("planned", "measured"),
    events=(
        Event(
            moment="r.closed_at",
            where="r.state IN ('realized', 'partly_realized', 'not_realized')",
            amounts={"planned": "100", "measured": f"round(100 * {_SHARE})"},
        ),
    ),
)
KPIS = (
    KPI(
        id="csi-throughput",
        name=_("Improvements completed"),
        question=_("Do we finish what we begin to improve?"),
        unit=Unit.EACH,
        direction=Direction.HIGHER,
        families=("improvement.flow",),
        numerator="done",
        numerator_text=_("improvements that were realized, wholly or partly"),
        denominator="opened",
        denominator_text=_("improvements that were suggested"),
        target=0.8,
        event_text=_("the day of realization, and that of the suggestion"),
        source_text=_("improvements"),
        caveat=_("One to one means keeping up. What was declined counts as suggested."),
    ),
    KPI(
        id="csi-with-baseline",
        name=_("Improvements with baseline and target"),
        question=_("Will we know whether it got better?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("improvement.ready",),
        numerator="complete",
        numerator_text=_("those that have a baseline with a target"),
        denominator="active",
        denominator_text=_("improvements under way"),
        factor=100,
        target=95,
        is_stock=True,
        event_text=_("the end of the period"),
        source_text=_("improvements that were started and have not ended"),
    ),
    KPI(
        id="csi-cycle",
        name=_("Improvement cycle time"),
        question=_("How long does an improvement take?"),
        unit=Unit.HOURS,
        direction=Direction.LOWER,
        families=("improvement.flow",),
        numerator="seconds",
        numerator_text=_("time from acceptance to the day on which it was realized"),
        denominator="done",
        denominator_text=_("improvements that were realized, wholly or partly"),
        factor=1 / 3600,
        target=90 * 24,
        event_text=_("the day of realization"),
        source_text=_("improvements"),
        caveat=_("Elapsed time, not working time."),
    ),
    KPI(
        id="csi-benefit",
        name=_("Benefit realization"),
        question=_("Do improvements bring what they promised?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("improvement.benefit",),
        numerator="measured",
        numerator_text=_("what the figure of each target moved, as a share of the way from its baseline to the target"),
        denominator="planned",
        denominator_text=_("the whole way of each target, of improvements that ended with a comparison"),
        factor=100,
        target=80,
        event_text=_("the day on which it was realized, or found not to be"),
        source_text=_("improvements, their targets and the latest comparison before they ended"),
        caveat=_(
            "More than planned counts as planned, and worse than before as nothing. Observations in words are left out."
        ),
    ),
)


def declare() -> None:
    """Called from `ready`."""
    register(FLOW, READY, BENEFIT, *KPIS)
