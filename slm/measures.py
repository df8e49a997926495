"""What service level management measures: finished clocks, for every practice whose records have clocks."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from measurement.declarations import IN_ZONE, KPI, Direction, Event, Family, Unit, add_family, register

from . import declarations
from .dashboard.delays import DELAYS, NO_DELAY

# How the families of missed clocks are called, behind the kind of record.
MISSED, MISSED_HOURS = ".missed", ".missed_hours"
_CLOCKS = "slm_clock c JOIN records_record r ON r.id = c.record_id"
# The excuse of a miss, which stands in a table of the ability above; few rows, by an index of their own.
_EXCUSES = "LEFT JOIN breaches_breach b ON b.clock_id = c.id AND b.state = 'excused'"

ATTAINMENT = KPI(
    id="slm-attainment",
    name=_("Targets met"),
    question=_("Do we keep our word?"),
    unit=Unit.PERCENT,
    direction=Direction.HIGHER,
    families=(),
    numerator="met",
    numerator_text=_("clocks that finished within their target"),
    denominator="finished",
    denominator_text=_("all clocks that finished, updates left out"),
    factor=100,
    target=95,
    event_text=_("the day on which the clock finished"),
    source_text=_("clocks"),
    caveat=_("Clocks that still run, wait, were cancelled or replaced don't count."),
    beside="slm-attainment-excused",
)

WITHOUT_EXCUSED = KPI(
    id="slm-attainment-excused",
    name=_("Targets met, excused misses left out"),
    question=_("Do we keep our word where the agreement holds us to it?"),
    unit=Unit.PERCENT,
    direction=Direction.HIGHER,
    families=(),
    numerator="met",
    numerator_text=_("clocks that finished within their target"),
    denominator="counted",
    denominator_text=_("all clocks that finished, without misses that somebody outside the team has excused"),
    factor=100,
    target=95,
    event_text=_("the day on which the clock finished"),
    source_text=_("clocks"),
    caveat=_("Read it beside the targets met: the difference is what was excused."),
    beside="slm-attainment",
)


def finished_clocks(kind: str) -> Family:
    """
    The family of the clocks of one kind of record, counted on the day they finished.

    Clocks that repeat are counted by themselves, not among `met` and `finished`: many updates kept would hide one
    resolution missed.
    """
    clocks = [each.clock for each in declarations.of(kind)]
    # A kind may have none but those that repeat; no clock has the empty name.
    once = ", ".join(f"'{each.clock}'" for each in declarations.of(kind) if not each.repeats) or "''"
    met = "c.state = 'met'"
    amounts = {
        "met": f"({met} AND c.kind IN ({once}))::int",
        "finished": f"(c.kind IN ({once}))::int",
        "excused": f"(c.state = 'missed' AND c.kind IN ({once}) AND b.id IS NOT NULL)::int",
        "counted": f"(c.kind IN ({once}) AND ({met} OR b.id IS NULL))::int",
    }
    for clock in clocks:
        amounts |= {
            f"{clock}_met": f"({met} AND c.kind = '{clock}')::int",
            f"{clock}_finished": f"(c.kind = '{clock}')::int",
        }
    if "resolution" in clocks:
        amounts |= {
            "resolution_seconds": "CASE WHEN c.kind = 'resolution'"
            " THEN coalesce(round(extract(epoch FROM c.used)), 0) ELSE 0 END",
            "resolution_timed": "(c.kind = 'resolution' AND c.used IS NOT NULL)::int",
        }
    return Family(
        name=f"{kind}.finished",
        definition=5,
        source=f"{_CLOCKS} {_EXCUSES}",
        amounts=tuple(amounts),
        events=(
            Event(moment="c.stopped_at", where=f"c.state IN ('met', 'missed') AND r.kind = '{kind}'", amounts=amounts),
        ),
        rows="slm.Clock",
        row="c.id",
        singles={"resolution_seconds": "resolution_timed"} if "resolution" in clocks else {},
    )


def _once(kind: str) -> str:
    """A condition that leaves out clocks that repeat, where the kind has such."""
    repeating = ", ".join(f"'{each.clock}'" for each in declarations.of(kind) if each.repeats)
    return f" AND c.kind NOT IN ({repeating})" if repeating else ""


def missed_clocks(kind: str) -> Family:
    """The family of the missed clocks of one kind of record, by what delayed them, counted on the day they finished."""
    shown = ", ".join(f"({sql}) AS {name}" for name, (_label, sql) in DELAYS.items())
    return Family(
        name=f"{kind}{MISSED}",
        definition=2,
        # Looked up once for each clock; OFFSET keeps PostgreSQL from doing it for every amount again.
        source=f"{_CLOCKS} CROSS JOIN LATERAL (SELECT {shown} OFFSET 0) d",
        amounts=(*DELAYS, NO_DELAY),
        events=(
            Event(
                moment="c.stopped_at",
                where=f"c.state = 'missed' AND r.kind = '{kind}'{_once(kind)}",
                amounts={name: f"d.{name}::int" for name in DELAYS}
                | {NO_DELAY: f"(NOT ({' OR '.join(f'd.{name}' for name in DELAYS)}))::int"},
            ),
        ),
        rows="slm.Clock",
        row="c.id",
    )


def missed_hours(kind: str) -> Family:
    """The family of the missed clocks of one kind of record, by the hour of the day in which their target passed."""
    where = f"c.state = 'missed' AND r.kind = '{kind}'{_once(kind)}"
    names = tuple(f"hour_{hour}" for hour in range(24))

    def event(moment: str, more: str) -> Event:
        at = f"extract(hour FROM {moment}{IN_ZONE})"
        return Event(
            moment=moment,
            where=f"{where} AND {more}",
            amounts={name: f"({at} = {hour})::int" for hour, name in enumerate(names)},
        )

    return Family(
        name=f"{kind}{MISSED_HOURS}",
        definition=1,
        source=_CLOCKS,
        amounts=names,
        # Imported clocks may not know when their target passed: then it is when they finished.
        events=(event("c.breached_at", "c.breached_at IS NOT NULL"), event("c.stopped_at", "c.breached_at IS NULL")),
        rows="slm.Clock",
        row="c.id",
    )


def kept(*, id: str, kind: str, clock: str, name: Any, question: Any, target: int = 95) -> KPI:
    """The share of one clock of a kind of record that was kept."""
    return KPI(
        id=id,
        name=name,
        question=question,
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=(f"{kind}.finished",),
        numerator=f"{clock}_met",
        numerator_text=_("clocks of this kind that were met"),
        denominator=f"{clock}_finished",
        denominator_text=_("clocks of this kind that finished"),
        factor=100,
        target=target,
        event_text=_("the day on which the clock finished"),
        source_text=_("clocks"),
    )


def measure_clocks_of(kind: str) -> None:
    """Count the finished clocks of a practice, and the missed ones among them; its clocks must be declared before."""
    family = finished_clocks(kind)
    register(family, missed_clocks(kind), missed_hours(kind))
    add_family(ATTAINMENT.id, family.name)
    add_family(WITHOUT_EXCUSED.id, family.name)


register(ATTAINMENT, WITHOUT_EXCUSED)
