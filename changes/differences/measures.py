"""
What verifications of items are measured by: changes nobody authorized, records that are right, drift.

As a record would have them: an item belongs to no organization and has no priority. The key is negative, so that a mark
of a record with the same number is not taken for one of these rows.
"""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, register

_ITEM = "i.service_id, i.team_id, NULL::bigint AS organization_id, 0 AS priority, i.is_sample"
_VERIFIED = "changes_differences_verification v JOIN services_configurationitem i ON i.id = v.item_id"
_FOUND = "changes_differences_difference d"
_DIFFERENCES = (
    f"(SELECT -d.id AS id, d.id AS row_id, {_ITEM}, v.at, d.explained_at FROM {_VERIFIED}"  # noqa: S608 - ours
    f" JOIN {_FOUND} ON d.verification_id = v.id) r"
)
_VERIFICATIONS = f"(SELECT -v.id AS id, v.id AS row_id, {_ITEM}, v.at, v.run_id FROM {_VERIFIED}) r"  # noqa: S608 - ours
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
)


def declare() -> None:
    """Called from `ready`."""
    register(DIFFERENCES, VERIFICATIONS, *KPIS)
