"""
Single values beside the cells of each day, so that medians are sorted without reading records.

They are derived from the records: the worker counts everything anew as no family is noted as counted.
"""

from django.db import migrations, models


def forget_counts(apps, schema_editor):
    apps.get_model("measurement", "FamilyState").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("measurement", "0006_full_counts_are_taken_up")]

    operations = [
        migrations.AddField("reading", "singles", models.BinaryField(default=bytes, verbose_name="single values")),
        # As with cells: narrow whole numbers don't shrink much.
        migrations.RunSQL(
            "ALTER TABLE measurement_reading ALTER COLUMN singles SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
        migrations.RunPython(forget_counts, migrations.RunPython.noop),
    ]
