"""An index on the moment of closing, which several practices count by."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("measurement", "0003_readings_packed"), ("records", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX measurement_closed ON records_record (closed_at) WHERE closed_at IS NOT NULL",
            "DROP INDEX measurement_closed",
        ),
    ]
