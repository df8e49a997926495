"""Let the database refuse a state that the workflow does not have."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("records", "0002_numbers_from_1001")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE records_record ADD CONSTRAINT incidents_known_states CHECK (kind <> 'incident' OR state IN
                ('new', 'assigned', 'in_progress', 'on_hold', 'resolved', 'closed', 'cancelled'))
            """,
            "ALTER TABLE records_record DROP CONSTRAINT incidents_known_states",
        )
    ]
