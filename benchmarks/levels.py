"""What people answer for: the breaches of the generated clocks, and two years of service reports."""

from datetime import date, datetime

from django.db import connection

from slm.reports.enums import State
from slm.reports.models import ReportPlan, ServiceReport

from .world import World

MONTHS = 24
BREACHES = """
    INSERT INTO breaches_breach (
        record_id, clock_id, fact_id, clock_kind, agreement_id, team_id, owner_id, missed_at, state, explanation,
        evidence, "case", decision_reason, is_sample, version
    )
    SELECT c.record_id, c.id, f.id, c.kind, c.agreement_id, r.team_id, r.assignee_id, f.at, 'recorded', '', '', '', '',
        false, 1
    FROM slm_clockfact f JOIN slm_clock c ON c.id = f.clock_id JOIN records_record r ON r.id = c.record_id
    WHERE f.level = 'breached' AND f.corrected_at IS NULL
"""


def fill(world: World, *, at: datetime) -> dict[str, int]:
    """Write both. Returns how many rows went into each table."""
    with connection.cursor() as cursor:
        cursor.execute(BREACHES)
        breaches = cursor.rowcount
    plans = ReportPlan.objects.bulk_create(
        ReportPlan(organization_id=key, zone="Europe/Oslo", first_month=_month(at, MONTHS), owner=world.manager)
        for key in world.organizations
    )
    reports = ServiceReport.objects.bulk_create(
        ServiceReport(
            plan=plan, organization_id=plan.organization_id, first_day=_month(at, back), zone=plan.zone, compiled_at=at,
            state=State.COMPILED, document={"zone": plan.zone},
        )
        for plan in plans
        for back in range(1, MONTHS + 1)
    )  # fmt: skip
    return {"breaches_breach": breaches, "reports_servicereport": len(reports)}


def _month(at: datetime, back: int) -> date:
    year, month = divmod(at.year * 12 + at.month - 1 - back, 12)
    return date(year, month + 1, 1)
