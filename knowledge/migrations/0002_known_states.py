"""Let the database refuse a state that the workflow does not have, and any change of a published version."""

from django.db import migrations

STATES = """
ALTER TABLE records_record ADD CONSTRAINT knowledge_known_states CHECK (kind <> 'article' OR state IN
    ('draft', 'in_review', 'published', 'review_due', 'retired'))
"""
NO_STATES = "ALTER TABLE records_record DROP CONSTRAINT knowledge_known_states"

IMMUTABLE = """
CREATE FUNCTION knowledge_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM records_record WHERE id = OLD.article_id AND is_sample) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'A published version is not changed any more: % was refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER knowledge_version_immutable BEFORE UPDATE OR DELETE ON knowledge_articleversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION knowledge_version_refuse();
"""
MUTABLE = """
DROP TRIGGER knowledge_version_immutable ON knowledge_articleversion;
DROP FUNCTION knowledge_version_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial"), ("records", "0004_links_between_practices")]
    operations = [migrations.RunSQL(STATES, NO_STATES), migrations.RunSQL(IMMUTABLE, MUTABLE)]
