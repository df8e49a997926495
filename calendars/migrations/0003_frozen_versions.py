from django.db import migrations

FREEZE = """
CREATE FUNCTION calendars_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.calendar_id, NEW.number, NEW.document, NEW.created_at)
        IS DISTINCT FROM (OLD.calendar_id, OLD.number, OLD.document, OLD.created_at) THEN
        RAISE EXCEPTION 'version % of calendar % is frozen', OLD.number, OLD.calendar_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER calendars_version_frozen BEFORE UPDATE ON calendars_calendarversion
    FOR EACH ROW EXECUTE FUNCTION calendars_version_frozen();
"""

THAW = """
DROP TRIGGER calendars_version_frozen ON calendars_calendarversion;
DROP FUNCTION calendars_version_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0002_authors")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
