"""Forecasts of running clocks are added up from the index of the sweep alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("slm", "0011_clocks_of_parts"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="clock", name="slm_clock_sweep"),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                fields=["next_level_at", "id"],
                condition=models.Q(("next_level_at__isnull", False), ("state", "running")),
                include=("breached_at",),
                name="slm_clock_sweep",
            ),
        ),
    ]
