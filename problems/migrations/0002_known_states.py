"""Let the database refuse a state that the workflow does not have."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("problems", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE records_record ADD CONSTRAINT problems_known_states CHECK (kind <> 'problem' OR state IN
                ('logged', 'accepted', 'investigating', 'known_error', 'fixing', 'verifying', 'closed',
                 'risk_accepted', 'cancelled'))
            """,
            "ALTER TABLE records_record DROP CONSTRAINT problems_known_states",
        )
    ]
