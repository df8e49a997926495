"""Indexes that another one begins with, or that nobody asks by: each cost a write at every sweep and calendar edit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0003_frozen_versions"),
        ("records", "0005_what_was_seen_and_skipped"),
        ("slm", "0002_breaches_found_quickly"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="clock",
            name="slm_clock_calendar_live",
        ),
        migrations.AlterField(
            model_name="clock",
            name="agreement",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clocks",
                to="slm.agreement",
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="calendar",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calendars.calendar"
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="record",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="clocks", to="records.record"
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="replaced_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="replaces",
                to="slm.clock",
            ),
        ),
        migrations.AlterField(
            model_name="clockchange",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="clockchange",
            name="clock",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="slm.clock"
            ),
        ),
        migrations.AlterField(
            model_name="clockfact",
            name="clock",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="slm.clock"
            ),
        ),
        migrations.AlterField(
            model_name="segment",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("state__in", ["pending", "running", "paused"])),
                fields=["calendar", "calendar_version", "id"],
                name="slm_clock_by_hours",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("replaced_by__isnull", False)), fields=["replaced_by"], name="slm_clock_replaced"
            ),
        ),
        migrations.AddIndex(
            model_name="clockchange",
            index=models.Index(condition=models.Q(("by__isnull", False)), fields=["by"], name="slm_change_by"),
        ),
        migrations.AddIndex(
            model_name="segment",
            index=models.Index(condition=models.Q(("by__isnull", False)), fields=["by"], name="slm_segment_by"),
        ),
    ]
