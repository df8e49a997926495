"""Breaches of what was missed before there were any; nobody is asked in time for those."""

from django.db import migrations

# One pass over the index of facts by level. Without a deadline: reminding of them would tell every lead of years.
MAKE = """
    INSERT INTO breaches_breach (record_id, clock_id, fact_id, clock_kind, agreement_id, team_id, owner_id, missed_at,
        state, explanation, evidence, "case", decision_reason, is_sample, version)
    SELECT c.record_id, c.id, f.id, c.kind, c.agreement_id, r.team_id, r.assignee_id, f.at,
        'recorded', '', '', '', '', r.is_sample, 1
    FROM slm_clockfact f
    JOIN slm_clock c ON c.id = f.clock_id AND NOT c.is_imported
    JOIN records_record r ON r.id = c.record_id AND NOT r.is_imported
    WHERE f.level = 'breached' AND f.corrected_at IS NULL
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("breaches", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, migrations.RunSQL.noop)]
