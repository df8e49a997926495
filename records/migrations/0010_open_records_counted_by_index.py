"""What is at risk, overdue or due today is counted from the index of open records alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0009_steps_to_tick"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="record", name="records_open_due"),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                models.OrderBy(models.F("due_at"), nulls_last=True),
                models.F("id"),
                condition=models.Q(("phase", "done"), _negated=True),
                include=("due_state", "at_risk_at", "due_remaining"),
                name="records_open_due",
            ),
        ),
    ]
