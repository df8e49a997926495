"""Let the log entries of sample items be removed with them, like those of sample records."""

from django.db import migrations

OF_RECORDS = """
    IF TG_OP = 'DELETE' AND OLD.subject_kind = 'record'
        AND EXISTS (SELECT 1 FROM records_record WHERE id = OLD.subject_id AND is_sample) THEN
        RETURN OLD;
    END IF;
"""
OF_ITEMS = """
    IF TG_OP = 'DELETE' AND OLD.subject_kind = 'item'
        AND EXISTS (SELECT 1 FROM services_configurationitem WHERE id = OLD.subject_id AND is_sample) THEN
        RETURN OLD;
    END IF;
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {exceptions}
    RAISE EXCEPTION 'The log of acts is append-only: {mark} was refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("services", "0004_items_keep_their_promises"), ("records", "0003_sample_may_go")]
    operations = [
        migrations.RunSQL(
            FUNCTION.format(exceptions=OF_RECORDS + OF_ITEMS, mark="%"),
            FUNCTION.format(exceptions=OF_RECORDS, mark="%"),
        )
    ]
