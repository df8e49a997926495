from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0003_types_from_kinds")]

    operations = [
        migrations.AddConstraint(
            model_name="configurationitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["planned", "live", "retired"])), name="services_item_status_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="configurationitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_active", False), ("status", "retired")),
                    models.Q(models.Q(("status", "retired"), _negated=True), ("is_active", True)),
                    _connector="OR",
                ),
                name="services_item_active_unless_retired",
            ),
        ),
        migrations.AddConstraint(
            model_name="configurationitem",
            constraint=models.UniqueConstraint(
                models.F("external_key"),
                condition=models.Q(("external_key", ""), _negated=True),
                name="services_item_external_key_once",
            ),
        ),
    ]
