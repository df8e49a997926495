"""Let the database refuse a state that the workflow does not have."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE records_record ADD CONSTRAINT releases_known_states CHECK (kind <> 'release' OR state IN
                ('planning', 'building', 'testing', 'ready', 'deploying', 'early_life', 'closed', 'rolled_back',
                 'cancelled'))
            """,
            "ALTER TABLE records_record DROP CONSTRAINT releases_known_states",
        )
    ]
