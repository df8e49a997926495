"""For migrations: which log entries go with the sample they tell of. All others stay, as the log itself sees to."""

from collections.abc import Mapping

from django.db.migrations import RunSQL

REFUSAL = "RAISE EXCEPTION ''The log of acts is append-only"
CHANGE = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('audit_entry_refuse'::regproc), '{before}', '{after}');
END $do$
"""


def sample_may_go(tables: Mapping[str, str]) -> RunSQL:
    """
    Let the entries about sample rows of these tables be deleted, like those of sample records.

    What the function lets through already stays as it is, in whatever order it was added. The migration depends on
    `audit.0003_append_only_chain`, `services.0005_sample_items_may_go` and the migrations that make the tables.

    :param tables: kind of subject in the log -> its table, which has a column `is_sample`.
    """
    # One line, so that taking it out again finds it whole.
    exception = "".join(
        f"IF TG_OP = ''DELETE'' AND OLD.subject_kind = ''{kind}'' AND EXISTS"  # noqa: S608 - names of our own
        f" (SELECT 1 FROM {table} WHERE id = OLD.subject_id AND is_sample) THEN RETURN OLD; END IF; "
        for kind, table in tables.items()
    )
    return RunSQL(
        CHANGE.format(before=REFUSAL, after=exception + REFUSAL),
        CHANGE.format(before=exception + REFUSAL, after=REFUSAL),
    )
