"""What `manage.py` does: run a management command, with the embedded servers up when it needs a database."""

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

import environ

from itsm.embedded import location
from itsm.embedded.trouble import Trouble

# They look at code and files only. `up` brings up the servers itself.
_WITHOUT_DATABASE = frozenset(
    {
        "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages",
        "makemigrations", "spectacular", "startapp", "up", "version",
    }
)  # fmt: skip


def run_command(argv: Sequence[str]) -> None:
    """
    Run the management command of `argv` and end the process with its exit code.

    Where DATABASE_URL and REDIS_URL name no real servers, the embedded ones are found running or run for its
    time.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings.base")
    # The settings read it too, but whether servers are needed is decided before.
    environ.Env.read_env(location.REPOSITORY / ".env")
    try:
        if argv[1:2] == ["up"] and not _asks_for_help(argv):
            # Late, and instead of the command of that name: the supervisor does without Django.
            from itsm.embedded import options, supervisor

            supervisor.run(options.parse(list(argv[2:])))
            return
        # Late: reading .env and the settings can already meet a Trouble. COPY raises the driver's own errors.
        from django.core.management import execute_from_command_line
        from django.db import ProgrammingError
        from psycopg2 import ProgrammingError as OfDriver

        with _servers_for(argv):
            try:
                execute_from_command_line(list(argv))
            except (ProgrammingError, OfDriver) as problem:
                if argv[1] == "migrate" or not _tables_are_behind():
                    raise
                raise Trouble(
                    "The tables of the database are older than this code. Bring them up to date with "
                    "python3 manage.py migrate (make run does it, too), then repeat what you asked for."
                ) from problem
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)  # noqa: T201 - said to the person at the keyboard
        sys.exit(1)


def _tables_are_behind() -> bool:
    """Tell whether migrations wait. Asked after a failure only: looking costs more than most commands."""
    # Late: they need the settings.
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    connection.close()
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def needs_servers(argv: Sequence[str]) -> bool:
    """Tell whether the command line talks to the database or the broker."""
    words = argv[1:]
    return not _asks_for_help(argv) and words[0] not in _WITHOUT_DATABASE


def _asks_for_help(argv: Sequence[str]) -> bool:
    words = argv[1:]
    return not words or "--help" in words or "-h" in words or words[0].startswith("-")


def _servers_for(argv: Sequence[str]) -> AbstractContextManager[None]:
    if not needs_servers(argv):
        return nullcontext()
    # Late: the database driver is loaded only where it is used.
    from itsm.embedded.servers import for_one_command

    return for_one_command(purpose=f"manage.py {argv[1]}")
