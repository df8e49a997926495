"""
What items and their verifications are measured by: changes nobody authorized, records that are right and complete.

As a record would have them: an item belongs to no organization and has no priority. The key is negative, so that a mark
of a record with the same number is not taken for one of these rows.
"""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, day_of, register

_ITEM = "i.service_id, i.team_id, NULL::bigint AS organization_id, 0 AS priority, i.is_sample"
_VERIFIED = "changes_differences_verification v JOIN services_configurationitem i ON i.id = v.item_id"
_FOUND = "changes_differences_difference d"
_DIFFERENCES = (
    f"(SELECT -d.id AS id, d.id AS row_id, {_ITEM}, v.at, d.explained_at FROM {_VERIFIED}"  # noqa: S608 - ours
    f" JOIN {_FOUND} ON d.verification_id = v.id) r"
)
_VERIFICATIONS = f"(SELECT -v.id AS id, v.id AS row_id, {_ITEM}, v.at, v.run_id FROM {_VERIFIED}) r"  # noqa: S608 - ours
_STANDINGS = (
    "(SELECT -s.id AS id, s.id AS row_id, s.service_id, s.team_id, NULL::bigint AS organization_id, 0 AS priority,"
    " s.is_sample, s.from_at, s.until_at, s.is_live, s.is_complete, s.is_overdue FROM changes_differences_standing s) r"
)
_STANDS = f"({day_of('r.from_at')} <= %(day)s AND (r.until_at IS NULL OR {day_of('r.until_at')} > %(day)s))"
_DIFFERS = f"EXISTS (SELECT 1 FROM {_FOUND} WHERE d.verification_id = r.row_id"  # noqa: S608 - ours

DIFFERENCES = Family(
    name="change.differences",
    definition=1,
    source=_DIFFERENCES,
    amounts=("unauthorized",),
    rows="changes_differences.Difference",
    row="r.row_id",
    events=(Event(moment="r.at", amounts={"unauthorized": "(r.explained_at IS NULL)::int"}),),
)

VERIFICATIONS = Family(
    name="configuration.verifications",
    definition=1,
    source=_VERIFICATIONS,
    amounts=("verified", "right", "compared", "drifted"),
    rows="changes_differences.Verification",
    row="r.row_id",
    events=(
        Event(
            moment="r.at",
            amounts={
                "verified": "1",
                "right": f"(NOT {_DIFFERS}))::int",
                "compared": "(r.run_id IS NOT NULL)::int",
                "drifted": f"(r.run_id IS NOT NULL AND {_DIFFERS} AND d.explained_at IS NULL))::int",
            },
        ),
    ),
)

_COMES = {"active": "1", "complete": "r.is_complete::int", "live": "r.is_live::int", "overdue": "r.is_overdue::int"}

STANDINGS = Family(
    name="configuration.items",
    definition=1,
    source=_STANDINGS,
    amounts=tuple(_COMES),
    events=(
        Event(moment="r.from_at", amounts=_COMES),
        Event(moment="r.until_at", amounts={name: f"-({sql})" for name, sql in _COMES.items()}),
    ),
    standing={
        "active": _STANDS,
        "complete": f"({_STANDS} AND r.is_complete)",
        "live": f"({_STANDS} AND r.is_live)",
        "overdue": f"({_STANDS} AND r.is_overdue)",
    },
    rows="changes_differences.Standing",
    row="r.row_id",
)

_ON_DAY = _("the end of the day; for longer periods of their last day")
_LOOKS = _("looks over all items, every hour")
_ON_VERIFIED = _("the day on which the item was verified")
_SOURCE = _("verifications of items by people and by imports")
_EACH_TIME = _("An item that is verified twice counts twice.")

KPIS = (
    KPI(
        id="chg-unauthorised",
        name=_("Changes that nobody authorized"),
        question=_("What changes behind our back?"),
        unit=Unit.COUNT,
        direction=Direction.LOWER,
        families=("change.differences",),
        numerator="unauthorized",
        numerator_text=_("differences found on items that neither a change nor a person explains"),
        target=0,
        event_text=_("the day on which the difference was found"),
        source_text=_SOURCE,
        caveat=_("A difference counts until it is explained; then its day is counted anew."),
    ),
    KPI(
        id="cfg-accuracy",
        name=_("Configuration records that are right"),
        question=_("Is it as we wrote it down?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("configuration.verifications",),
        numerator="right",
        numerator_text=_("verifications that found no difference, explained or not"),
        denominator="verified",
        denominator_text=_("verifications of items"),
        factor=100,
        target=95,
        event_text=_ON_VERIFIED,
        source_text=_SOURCE,
        caveat=_EACH_TIME,
    ),
    KPI(
        id="cfg-drift",
        name=_("Configuration drift"),
        question=_("Does it wander off on its own?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("configuration.verifications",),
        numerator="drifted",
        numerator_text=_("comparisons by an import that found a difference nobody has explained"),
        denominator="compared",
        denominator_text=_("comparisons of items by imports"),
        factor=100,
        target=2,
        event_text=_ON_VERIFIED,
        source_text=_SOURCE,
        caveat=_EACH_TIME,
    ),
    KPI(
        id="cfg-completeness",
        name=_("Items with owner and service"),
        question=_("Do we know whose it is and what for?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("configuration.items",),
        numerator="complete",
        numerator_text=_("items in use that have an owner, and a way to a service"),
        denominator="active",
        denominator_text=_("items in use, planned or live"),
        factor=100,
        target=95,
        event_text=_ON_DAY,
        source_text=_LOOKS,
        is_stock=True,
        caveat=_("A way to a service: it carries one, or its failure reaches something that does."),
    ),
    KPI(
        id="cfg-unverified",
        name=_("Items not verified in time"),
        question=_("What have we not looked at for too long?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("configuration.items",),
        numerator="overdue",
        numerator_text=_("live items that were verified longer ago than their type allows"),
        denominator="live",
        denominator_text=_("live items"),
        factor=100,
        target=5,
        event_text=_ON_DAY,
        source_text=_LOOKS,
        is_stock=True,
        caveat=_("Entering an item counts as a look at it; one older than that date that nobody verified is overdue."),
    ),
)


def declare() -> None:
    """Called from `ready`."""
    register(DIFFERENCES, VERIFICATIONS, STANDINGS, *KPIS)
