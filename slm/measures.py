"""What service level management measures: finished clocks, for every practice whose records have clocks."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, add_family, register

from .dashboard.delays import DELAYS, NO_DELAY

SECONDS_USED = "round(extract(epoch FROM c.used))"
MISSED = ".missed"  # how the families of missed clocks are called, behind the kind of record
_CLOCKS = "slm_clock c JOIN records_record r ON r.id = c.record_id"

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
    denominator_text=_("all clocks that finished: response and resolution"),
    factor=100,
    target=95,
    event_text=_("the day on which the clock finished"),
    source_text=_("clocks"),
    caveat=_("Clocks that still run, wait, were cancelled or replaced don't count."),
)


def finished_clocks(kind: str) -> Family:
    """The family of the clocks of one kind of record, counted on the day they finished."""
    met, resolution = "c.state = 'met'", "c.kind = 'resolution'"
    return Family(
        name=f"{kind}.finished",
        definition=1,
        source=_CLOCKS,
        amounts=(
            "met", "finished", "response_met", "response_finished", "resolution_met", "resolution_finished",
            "resolution_seconds", "resolution_timed",
        ),
        events=(
            Event(
                moment="c.stopped_at",
                where=f"c.state IN ('met', 'missed') AND r.kind = '{kind}'",
                amounts={
                    "met": f"({met})::int",
                    "finished": "1",
                    "response_met": f"({met} AND c.kind = 'response')::int",
                    "response_finished": "(c.kind = 'response')::int",
                    "resolution_met": f"({met} AND {resolution})::int",
                    "resolution_finished": f"({resolution})::int",
                    "resolution_seconds": f"CASE WHEN {resolution} THEN coalesce({SECONDS_USED}, 0) ELSE 0 END",
                    "resolution_timed": f"({resolution} AND c.used IS NOT NULL)::int",
                },
            ),
        ),
        rows="slm.Clock",
        row="c.id",
    )  # fmt: skip


def missed_clocks(kind: str) -> Family:
    """The family of the missed clocks of one kind of record, by what delayed them, counted on the day they finished."""
    shown = ", ".join(f"({sql}) AS {name}" for name, (_label, sql) in DELAYS.items())
    return Family(
        name=f"{kind}{MISSED}",
        definition=1,
        # Looked up once for each clock; OFFSET keeps PostgreSQL from doing it for every amount again.
        source=f"{_CLOCKS} CROSS JOIN LATERAL (SELECT {shown} OFFSET 0) d",
        amounts=(*DELAYS, NO_DELAY),
        events=(
            Event(
                moment="c.stopped_at",
                where=f"c.state = 'missed' AND r.kind = '{kind}'",
                amounts={name: f"d.{name}::int" for name in DELAYS}
                | {NO_DELAY: f"(NOT ({' OR '.join(f'd.{name}' for name in DELAYS)}))::int"},
            ),
        ),
        rows="slm.Clock",
        row="c.id",
    )


def measure_clocks_of(kind: str) -> None:
    """Count the finished clocks of a practice, and the missed ones among them; called from its app's `ready`."""
    family = finished_clocks(kind)
    register(family, missed_clocks(kind))
    add_family(ATTAINMENT.id, family.name)


register(ATTAINMENT)
