"""Indexes on missed targets: measures count them by day, and the dashboard asks for the missed ones only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("slm", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("breached_at__isnull", False)), fields=["breached_at"], name="slm_clock_breached"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(condition=models.Q(("state", "missed")), fields=["stopped_at"], name="slm_clock_missed"),
        ),
    ]
