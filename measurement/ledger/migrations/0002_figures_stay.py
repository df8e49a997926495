from django.db import migrations

# What was told is never changed or removed, whoever writes: a later edition stands beside it. The sample may go.
KEEP = """
CREATE FUNCTION kpi_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.is_sample THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The ledger of readings is append-only: % was refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER kpi_ledger_append_only BEFORE UPDATE OR DELETE ON kpi_ledger_ledgerreading
    FOR EACH ROW EXECUTE FUNCTION kpi_ledger_refuse();
"""
FREE = """
DROP TRIGGER kpi_ledger_append_only ON kpi_ledger_ledgerreading;
DROP FUNCTION kpi_ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("kpi_ledger", "0001_initial")]
    operations = [migrations.RunSQL(KEEP, FREE)]
