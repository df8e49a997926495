from django.db import migrations

FREEZE = """
CREATE FUNCTION reports_keep_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM reports_servicereport WHERE id = OLD.report_id AND is_sample
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'closed minutes of a review are never changed';
END $$;
CREATE TRIGGER reports_minutes_stay BEFORE UPDATE OR DELETE ON reports_reviewmeeting
    FOR EACH ROW WHEN (OLD.state = 'closed') EXECUTE FUNCTION reports_keep_minutes();
"""
THAW = """
DROP TRIGGER reports_minutes_stay ON reports_reviewmeeting;
DROP FUNCTION reports_keep_minutes();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_review_meetings")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
