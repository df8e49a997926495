"""Let the database refuse a state that the workflow does not have."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("improvement", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE records_record ADD CONSTRAINT improvement_known_states CHECK (kind <> 'improvement' OR state IN
                ('suggested', 'accepted', 'active', 'on_hold', 'realized', 'partly_realized', 'not_realized',
                 'declined', 'withdrawn'))
            """,
            "ALTER TABLE records_record DROP CONSTRAINT improvement_known_states",
        )
    ]
