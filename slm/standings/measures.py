"""
What agreements are measured by: services covered, promises carried, contracts that nobody decides about.

The key is negative, so that a mark of a record with the same number is not taken for one of these rows.
"""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, day_of, register

_STANDINGS = (
    "(SELECT -s.id AS id, s.id AS row_id, s.service_id, s.team_id, s.organization_id, s.priority, s.is_sample,"
    " s.from_at, s.until_at, s.aspect, s.is_fine FROM slm_standings_standing s) r"
)
_STANDS = f"({day_of('r.from_at')} <= %(day)s AND (r.until_at IS NULL OR {day_of('r.until_at')} > %(day)s))"
_IS = {
    "services": "r.aspect = 'service'",
    "covered": "r.aspect = 'service' AND r.is_fine",
    "promises": "r.aspect = 'promise'",
    "carried": "r.aspect = 'promise' AND r.is_fine",
    "contracts": "r.aspect = 'contract'",
    "undecided": "r.aspect = 'contract' AND NOT r.is_fine",
}

STANDINGS = Family(
    name="agreement.standings",
    definition=1,
    source=_STANDINGS,
    amounts=tuple(_IS),
    events=(
        Event(moment="r.from_at", amounts={name: f"({sql})::int" for name, sql in _IS.items()}),
        Event(moment="r.until_at", amounts={name: f"-({sql})::int" for name, sql in _IS.items()}),
    ),
    standing={name: f"({_STANDS} AND {sql})" for name, sql in _IS.items()},
    rows="slm_standings.Standing",
    row="r.row_id",
)

_ON_DAY = _("the end of the day; for longer periods of their last day")
_LOOKS = _("looks over all services and agreements, every hour and after each change of an agreement")

KPIS = (
    KPI(
        id="slm-coverage",
        name=_("Services with an agreement"),
        question=_("Have we promised anything for it?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("agreement.standings",),
        numerator="covered",
        numerator_text=_("services about which an agreement with customers is in force"),
        denominator="services",
        denominator_text=_("live services that customers use"),
        factor=100,
        target=100,
        event_text=_ON_DAY,
        source_text=_LOOKS,
        is_stock=True,
        caveat=_(
            "Customers use what is offered to them, and what no other service needs. An agreement about all services "
            "covers each of them; one with a single person covers none."
        ),
    ),
    KPI(
        id="slm-backtoback",
        name=_("Promises that others carry"),
        question=_("Do those we depend on promise as much as we do?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("agreement.standings",),
        numerator="carried",
        numerator_text=_("promises to customers that the agreements underneath can carry"),
        denominator="promises",
        denominator_text=_("promises to customers that depend on teams, suppliers or other services"),
        factor=100,
        target=100,
        event_text=_ON_DAY,
        source_text=_LOOKS,
        is_stock=True,
        caveat=_(
            "A promise is one target of one priority, or an availability. About several services it counts once, and "
            "as carried where it is for each of them."
        ),
    ),
    KPI(
        id="sup-expiring",
        name=_("Contracts about to end undecided"),
        question=_("Will a contract end because nobody looked?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("agreement.standings",),
        numerator="undecided",
        numerator_text=_("contracts in notice, or within 30 days of it, that nobody has ended or offered anew"),
        denominator="contracts",
        denominator_text=_("contracts with suppliers in force"),
        factor=100,
        target=0,
        event_text=_ON_DAY,
        source_text=_LOOKS,
        is_stock=True,
        caveat=_(
            "A next version counts once it was offered for signature. A contract without an end waits for nobody."
        ),
    ),
)


def declare() -> None:
    """Called from `ready`."""
    register(STANDINGS, *KPIS)
