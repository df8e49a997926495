"""
Let the database write down which version of a procedure a record meets when it comes to a step of its process.

With the row itself, so that no door forgets it, and without a round trip: creating a record asks nothing more. Of the
versions in force that fit, the one that asks for most wins; of equals the smaller position, then the older procedure.
Imported records were worked on elsewhere: they meet none before they move here.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION procedures_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here procedures_place%ROWTYPE;
    chosen bigint;
BEGIN
    SELECT * INTO here FROM procedures_place WHERE kind = NEW.kind AND state = NEW.state;
    IF NOT FOUND THEN
        RETURN NEW;  -- a state of waiting belongs to the step before it
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM 1 FROM procedures_visit
            WHERE record_id = NEW.id AND left_at IS NULL AND process = here.process AND step = here.step;
        IF FOUND THEN
            RETURN NEW;  -- back from waiting: what was ticked stays
        END IF;
        UPDATE procedures_visit SET left_at = NEW.updated_at WHERE record_id = NEW.id AND left_at IS NULL;
    END IF;
    SELECT v.id INTO chosen
        FROM procedures_procedure p JOIN procedures_procedureversion v ON v.procedure_id = p.id
        WHERE p.process = here.process AND p.step = here.step AND v.state = 'in_force' AND NEW.kind = ANY(v.kinds)
            AND (v.service_ids = '{}' OR NEW.service_id = ANY(v.service_ids))
            AND (v.team_ids = '{}' OR NEW.team_id = ANY(v.team_ids))
            AND (v.organization_ids = '{}' OR NEW.organization_id = ANY(v.organization_ids))
            AND (v.priorities = '{}' OR NEW.priority = ANY(v.priorities))
        ORDER BY (v.service_ids <> '{}')::int + (v.team_ids <> '{}')::int + (v.organization_ids <> '{}')::int
            + (v.priorities <> '{}')::int DESC, p.position, p.id
        LIMIT 1;
    NEW.has_open_steps := false;
    IF chosen IS NOT NULL THEN
        INSERT INTO procedures_visit (record_id, version_id, process, step, entered_at)
            VALUES (NEW.id, chosen, here.process, here.step, NEW.updated_at);
        NEW.has_open_steps := EXISTS (
            SELECT 1 FROM procedures_procedurestep WHERE version_id = chosen AND is_mandatory);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procedures_stamp_new BEFORE INSERT ON records_record
    FOR EACH ROW WHEN (NOT NEW.is_imported) EXECUTE FUNCTION procedures_stamp();
CREATE TRIGGER procedures_stamp_moved BEFORE UPDATE OF state ON records_record
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION procedures_stamp();
"""
BACK = """
DROP TRIGGER procedures_stamp_moved ON records_record;
DROP TRIGGER procedures_stamp_new ON records_record;
DROP FUNCTION procedures_stamp();
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
