"""
Readings of a day or a month in one row instead of a row for each cell.

They are derived from the records: the old ones go, and the worker counts everything anew as no family is noted as
counted.
"""

from django.db import migrations, models


def forget_counts(apps, schema_editor):
    apps.get_model("measurement", "FamilyState").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("measurement", "0002_moments_found_quickly")]

    operations = [
        migrations.RunPython(forget_counts, forget_counts),
        migrations.DeleteModel("Reading"),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "family",
                        "cube",
                        "is_sample",
                        "grain",
                        "first_day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("family", models.CharField(max_length=40)),
                (
                    "cube",
                    models.CharField(
                        choices=[
                            ("total", "nothing"),
                            ("work", "service and team"),
                            ("customer", "organization and priority"),
                            ("all", "service, team, organization and priority"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_sample", models.BooleanField()),
                ("grain", models.CharField(choices=[("day", "day"), ("month", "month")], max_length=5)),
                ("first_day", models.DateField(verbose_name="day, or first day of the month")),
                ("definition", models.PositiveSmallIntegerField(verbose_name="definition version")),
                ("cells", models.BinaryField(verbose_name="cells")),
            ],
            options={"verbose_name": "reading"},
        ),
        # Narrow whole numbers don't shrink much; to pack and unpack them would take longer than to read them.
        migrations.RunSQL(
            "ALTER TABLE measurement_reading ALTER COLUMN cells SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
        migrations.AddField("familystate", "months_to", models.DateField(null=True)),
    ]
