"""Make the log append-only, and chain each entry to the one before it of the same subject by a hash."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_entry_hash(entry audit_entry, previous bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(coalesce(previous, ''::bytea) || convert_to(concat_ws('|', entry.id, extract(epoch from entry.at),
        entry.action, entry.subject_kind, entry.subject_id, entry.actor_id, entry.on_behalf_of_id, entry.channel,
        entry.reason, entry.changes::text, entry.data::text), 'UTF8'))
$$;

CREATE FUNCTION audit_entry_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE previous bytea;
BEGIN
    SELECT hash INTO previous FROM audit_entry
        WHERE subject_kind = NEW.subject_kind AND subject_id = NEW.subject_id ORDER BY id DESC LIMIT 1;
    NEW.hash := audit_entry_hash(NEW, previous);
    RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_chain BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_chain();

CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log of acts is append-only: % was refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse();
"""

BACKWARD = """
DROP TRIGGER audit_entry_no_truncate ON audit_entry;
DROP TRIGGER audit_entry_append_only ON audit_entry;
DROP FUNCTION audit_entry_refuse();
DROP TRIGGER audit_entry_chain ON audit_entry;
DROP FUNCTION audit_entry_chain();
DROP FUNCTION audit_entry_hash(audit_entry, bytea);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_actors")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
