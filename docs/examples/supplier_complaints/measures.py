"""What complaints are measured by: a family of amounts, and the KPI it answers."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, register

FLOW = Family(
    name="supplier_complaint.flow",
    definition=1,
    source="records_record r JOIN supplier_complaints_complaint c ON c.record_ptr_id = r.id",
    amounts=("settled", "remedied"),
    events=(
        Event(
            moment="r.resolved_at",
            amounts={"settled": "1", "remedied": "(c.remedy IN ('repair', 'credit'))::int"},
        ),
    ),
)
REMEDIED = KPI(
    id="sup-remedied",
    name=_("Complaints that suppliers made good"),
    question=_("Do suppliers make good what they did not keep?"),
    unit=Unit.PERCENT,
    direction=Direction.HIGHER,
    families=("supplier_complaint.flow",),
    numerator="remedied",
    numerator_text=_("complaints after which it was put right or credited"),
    denominator="settled",
    denominator_text=_("complaints that were settled"),
    factor=100,
    target=75,
    event_text=_("the day on which the complaint was settled"),
    source_text=_("supplier complaints"),
)


def declare_measures() -> None:
    """Called when the app is ready."""
    register(FLOW, REMEDIED)
