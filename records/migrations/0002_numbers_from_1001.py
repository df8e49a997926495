"""Begin numbering at 1001, so that every reference has at least four digits."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE records_record ALTER COLUMN id RESTART WITH 1001",
            migrations.RunSQL.noop,
        )
    ]
