from django.db import migrations

FREEZE = """
CREATE FUNCTION changes_board_keep_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'closed minutes of a meeting are never changed; add a correction';
END $$;
CREATE TRIGGER changes_board_minutes_stay BEFORE UPDATE ON changes_board_meeting
    FOR EACH ROW WHEN (OLD.state = 'minuted') EXECUTE FUNCTION changes_board_keep_minutes();
"""
THAW = """
DROP TRIGGER changes_board_minutes_stay ON changes_board_meeting;
DROP FUNCTION changes_board_keep_minutes();
"""


class Migration(migrations.Migration):
    dependencies = [("changes_board", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
