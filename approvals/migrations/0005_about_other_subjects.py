"""Approvals may be about what is no record: a kind and a key name it (ADR 16)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0004_votes_are_written_down"),
        ("records", "0009_steps_to_tick"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="subject_key",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="approval",
            name="subject_kind",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AlterField(
            model_name="approval",
            name="record",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to="records.record"
            ),
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(
                condition=models.Q(("record", None)),
                fields=["subject_kind", "subject_key", "-id"],
                name="approvals_approval_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("record", None), ("state", "open")),
                fields=("subject_kind", "subject_key", "purpose"),
                name="approvals_approval_one_open_elsewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("record__isnull", False), ("subject_key__isnull", True), ("subject_kind", "")),
                    models.Q(
                        ("record__isnull", True),
                        ("subject_key__isnull", False),
                        models.Q(("subject_kind", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="approvals_approval_about_one_thing",
            ),
        ),
    ]
