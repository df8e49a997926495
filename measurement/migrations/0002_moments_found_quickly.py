"""Indexes on the moments that readings count by and that no list needs: first answers, and ends without a solution."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("measurement", "0001_initial"), ("records", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX measurement_responded ON records_record (responded_at) WHERE responded_at IS NOT NULL",
            "DROP INDEX measurement_responded",
        ),
        migrations.RunSQL(
            "CREATE INDEX measurement_closed_unresolved ON records_record (closed_at)"
            " WHERE closed_at IS NOT NULL AND resolved_at IS NULL",
            "DROP INDEX measurement_closed_unresolved",
        ),
    ]
