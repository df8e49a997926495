"""What comes back: incidents caused by problems that we believed to have solved."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, register

_CAME_BACK = (
    "EXISTS (SELECT 1 FROM records_link l JOIN records_record p ON p.id = l.to_record_id"
    " WHERE l.from_record_id = r.id AND l.kind = 'caused_by' AND p.kind = 'problem' AND p.state = 'closed'"
    " AND p.closed_at < r.opened_at)"
)

RECURRENCE = Family(
    name="problem.recurrence",
    definition=1,
    source="records_record r",
    amounts=("opened", "recurring"),
    events=(
        Event(
            moment="r.opened_at",
            where="r.kind = 'incident'",
            amounts={"opened": "1", "recurring": f"({_CAME_BACK})::int"},
        ),
    ),
)

RECURRING = KPI(
    id="prb-recurrence",
    name=_("Incidents of solved problems"),
    question=_("Do problems that we closed stay closed?"),
    unit=Unit.PERCENT,
    direction=Direction.LOWER,
    families=("problem.recurrence",),
    numerator="recurring",
    numerator_text=_("incidents caused by a problem that had been closed before they were opened"),
    denominator="opened",
    denominator_text=_("incidents opened"),
    factor=100,
    target=2,
    event_text=_("the day on which the incident was opened"),
    source_text=_("incidents and the problems they are linked with"),
    caveat=_("An incident counts once somebody has linked it with its problem."),
)


def declare() -> None:
    """Called from `ready`."""
    register(RECURRENCE, RECURRING)
