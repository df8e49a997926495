"""Let the database refuse a state that the workflow does not have."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE records_record ADD CONSTRAINT changes_known_states CHECK (kind <> 'change' OR state IN
                ('draft', 'assessing', 'authorizing', 'scheduled', 'implementing', 'reviewing', 'closed', 'rejected',
                 'cancelled'))
            """,
            "ALTER TABLE records_record DROP CONSTRAINT changes_known_states",
        )
    ]
