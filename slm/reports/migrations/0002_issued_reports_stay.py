from django.db import migrations

# What was issued is never changed, whoever writes: its customer may say something about it, nothing more. Sample reports
# may go with the sample.
FREEZE = """
CREATE FUNCTION reports_keep_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.is_sample THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'an issued service report is never removed';
    END IF;
    IF (to_jsonb(NEW) - 'state' - 'version') IS DISTINCT FROM (to_jsonb(OLD) - 'state' - 'version')
        OR NEW.state NOT IN ('issued', 'accepted', 'disputed') THEN
        RAISE EXCEPTION 'the figures of an issued service report are never changed; make a corrected edition';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_issued_stay BEFORE UPDATE OR DELETE ON reports_servicereport
    FOR EACH ROW WHEN (OLD.state IN ('issued', 'accepted', 'disputed')) EXECUTE FUNCTION reports_keep_issued();

CREATE FUNCTION reports_keep_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.report_id ELSE OLD.report_id END;
BEGIN
    IF EXISTS (
        SELECT FROM reports_servicereport WHERE id = key AND state IN ('issued', 'accepted', 'disputed')
        AND NOT (is_sample AND TG_OP = 'DELETE')
    ) THEN
        RAISE EXCEPTION 'the rows behind the figures of an issued service report are never changed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER reports_evidence_stays BEFORE INSERT OR UPDATE OR DELETE ON reports_evidence
    FOR EACH ROW EXECUTE FUNCTION reports_keep_evidence();

CREATE FUNCTION reports_keep_remarks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM reports_servicereport WHERE id = OLD.report_id AND is_sample) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a remark about a service report is never changed';
END $$;
CREATE TRIGGER reports_remarks_stay BEFORE UPDATE OR DELETE ON reports_remark
    FOR EACH ROW EXECUTE FUNCTION reports_keep_remarks();

CREATE FUNCTION reports_keep_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the file of an issued service report is made once';
END $$;
CREATE TRIGGER reports_files_stay BEFORE UPDATE ON reports_reportfile
    FOR EACH ROW WHEN (OLD.made_at IS NOT NULL AND (NEW.sha256, NEW.size_bytes, NEW.made_at, NEW.report_id)
    IS DISTINCT FROM (OLD.sha256, OLD.size_bytes, OLD.made_at, OLD.report_id)) EXECUTE FUNCTION reports_keep_files();
"""
THAW = """
DROP TRIGGER reports_issued_stay ON reports_servicereport;
DROP FUNCTION reports_keep_issued();
DROP TRIGGER reports_evidence_stays ON reports_evidence;
DROP FUNCTION reports_keep_evidence();
DROP TRIGGER reports_remarks_stay ON reports_remark;
DROP FUNCTION reports_keep_remarks();
DROP TRIGGER reports_files_stay ON reports_reportfile;
DROP FUNCTION reports_keep_files();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
