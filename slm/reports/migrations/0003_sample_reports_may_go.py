"""
Let the log entries of sample reports and of their plans be removed with them, like those of sample outages.

What the function lets through already stays as it is, whoever added it and in whatever order.
"""

from django.db import migrations

# One line, so that taking it out again finds it whole.
EXCEPTION = (
    "IF TG_OP = ''DELETE'' AND (OLD.subject_kind = ''report'' AND EXISTS"
    " (SELECT 1 FROM reports_servicereport WHERE id = OLD.subject_id AND is_sample)"
    " OR OLD.subject_kind = ''report_plan'' AND EXISTS"
    " (SELECT 1 FROM reports_reportplan WHERE id = OLD.subject_id AND is_sample)) THEN RETURN OLD; END IF; "
)
REFUSAL = "RAISE EXCEPTION ''The log of acts is append-only"
CHANGE = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('audit_entry_refuse'::regproc), '{before}', '{after}');
END $do$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_issued_reports_stay"),
        ("availability", "0002_sample_outages_may_go"),
        ("audit", "0003_append_only_chain"),
    ]
    operations = [
        migrations.RunSQL(
            CHANGE.format(before=REFUSAL, after=EXCEPTION + REFUSAL),
            CHANGE.format(before=EXCEPTION + REFUSAL, after=REFUSAL),
        )
    ]
