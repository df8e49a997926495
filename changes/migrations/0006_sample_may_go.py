"""
Let the log entries of everything else that the sample brings be removed with it, like those of sample records.

Else they would name sample people for good, who could then not be removed either. Here, since changes are the first app
above all of these tables. What the function lets through already stays as it is, in whatever order it was added.
"""

from django.db import migrations

TABLES = {
    "person": "people_user",
    "team": "people_team",
    "organization": "people_organization",
    "service": "services_service",
    "agreement": "slm_agreement",
    "board": "approvals_board",
    "approval_policy": "approvals_approvalpolicy",
    "change_model": "changes_changemodel",
    "change_window": "changes_calendarwindow",
    "meeting": "changes_board_meeting",
    "environment": "changes_pipelines_environment",
    "deployment": "changes_pipelines_deployment",
}
# One line, so that taking it out again finds it whole.
EXCEPTION = "".join(
    f"IF TG_OP = ''DELETE'' AND OLD.subject_kind = ''{kind}'' AND EXISTS"  # noqa: S608 - of the table above
    f" (SELECT 1 FROM {table} WHERE id = OLD.subject_id AND is_sample) THEN RETURN OLD; END IF; "
    for kind, table in TABLES.items()
)
REFUSAL = "RAISE EXCEPTION ''The log of acts is append-only"
CHANGE = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('audit_entry_refuse'::regproc), '{before}', '{after}');
END $do$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0005_windows_of_organizations"),
        ("changes_board", "0002_closed_minutes_stay"),
        ("changes_pipelines", "0001_deployments_of_pipelines"),
        ("approvals", "0004_votes_are_written_down"),
        ("availability", "0002_sample_outages_may_go"),
        ("slm", "0004_availability_promised"),
        ("services", "0005_sample_items_may_go"),
        ("audit", "0003_append_only_chain"),
    ]
    operations = [
        migrations.RunSQL(
            CHANGE.format(before=REFUSAL, after=EXCEPTION + REFUSAL),
            CHANGE.format(before=EXCEPTION + REFUSAL, after=REFUSAL),
        )
    ]
