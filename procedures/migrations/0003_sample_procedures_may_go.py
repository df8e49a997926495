"""
Let the log entries of sample procedures be removed with them, like those of sample records.

What the function lets through already stays as it is, in whatever order it was added.
"""

from django.db import migrations

# One line, so that taking it out again finds it whole.
EXCEPTION = (
    "IF TG_OP = ''DELETE'' AND OLD.subject_kind = ''procedure'' AND EXISTS"
    " (SELECT 1 FROM procedures_procedure WHERE id = OLD.subject_id AND is_sample) THEN RETURN OLD; END IF; "
)
REFUSAL = "RAISE EXCEPTION ''The log of acts is append-only"
CHANGE = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('audit_entry_refuse'::regproc), '{before}', '{after}');
END $do$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0002_stamped_by_the_database"),
        ("records", "0003_sample_may_go"),
        ("audit", "0003_append_only_chain"),
    ]
    operations = [
        migrations.RunSQL(
            CHANGE.format(before=REFUSAL, after=EXCEPTION + REFUSAL),
            CHANGE.format(before=EXCEPTION + REFUSAL, after=REFUSAL),
        )
    ]
