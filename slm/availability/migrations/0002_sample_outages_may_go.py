"""
Let the log entries of sample outages be removed with them, like those of sample records and items.

What the function lets through already stays as it is, whoever added it and in whatever order.
"""

from django.db import migrations

# One line, so that taking it out again finds it whole.
EXCEPTION = (
    "IF TG_OP = ''DELETE'' AND OLD.subject_kind = ''outage'' AND EXISTS"
    " (SELECT 1 FROM availability_outage WHERE id = OLD.subject_id AND is_sample) THEN RETURN OLD; END IF; "
)
REFUSAL = "RAISE EXCEPTION ''The log of acts is append-only"
CHANGE = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('audit_entry_refuse'::regproc), '{before}', '{after}');
END $do$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("availability", "0001_initial"),
        ("services", "0005_sample_items_may_go"),
        ("audit", "0003_append_only_chain"),
    ]
    operations = [
        migrations.RunSQL(
            CHANGE.format(before=REFUSAL, after=EXCEPTION + REFUSAL),
            CHANGE.format(before=EXCEPTION + REFUSAL, after=REFUSAL),
        )
    ]
