"""Let published versions go with the record of the sample that they belong to, in whatever order both are deleted."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION knowledge_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM records_record WHERE id = OLD.article_id AND NOT is_sample) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'A published version is not changed any more: % was refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION knowledge_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM records_record WHERE id = OLD.article_id AND is_sample) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'A published version is not changed any more: % was refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_sample_searches_may_go")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
