"""Let the log entries of sample records be removed with them; those of real records stay for good."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.subject_kind = 'record'
        AND EXISTS (SELECT 1 FROM records_record WHERE id = OLD.subject_id AND is_sample) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The log of acts is append-only: % was refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log of acts is append-only: % was refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0002_numbers_from_1001"), ("audit", "0003_append_only_chain")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
