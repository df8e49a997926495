from django.db import migrations

# Readings name the version that they were counted with, so no version ever changes. The sample may go.
KEEP = """
CREATE FUNCTION own_kpis_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT FROM own_kpis_ownmeasure WHERE id = OLD.measure_id AND NOT is_sample
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a version of a measure is never changed; make a new one';
END $$;
CREATE TRIGGER own_kpis_versions_stay BEFORE UPDATE OR DELETE ON own_kpis_ownversion
    FOR EACH ROW EXECUTE FUNCTION own_kpis_refuse();
"""
FREE = """
DROP TRIGGER own_kpis_versions_stay ON own_kpis_ownversion;
DROP FUNCTION own_kpis_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("own_kpis", "0001_initial")]
    operations = [migrations.RunSQL(KEEP, FREE)]
