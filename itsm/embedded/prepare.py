"""
The steps of a start that need Django: tables, static files, sample workspace.

Run by the supervisor as `python -m itsm.embedded.prepare RESULT [--empty]`. What the person is to be told
at the end is written to the file RESULT.
"""

import hashlib
import json
import logging
import os
import sys
from pathlib import Path

import django
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connection

from itsm.embedded import disk, location
from itsm.embedded.report import Report
from itsm.embedded.trouble import Trouble


def main() -> None:
    """Prepare the database and the files, then write the result."""
    result, with_sample = Path(sys.argv[1]), "--empty" not in sys.argv[2:]
    report = Report()
    try:
        with report.step("Code"):
            django.setup()
            # This process reports for itself; what goes well is not for the terminal.
            logging.disable(logging.INFO)
        with report.step("Tables"):
            migrate()
        with report.step("Static files"):
            collect_static_files()
        if with_sample and (unfinished().exists() or needs_sample()):
            with report.step("Sample workspace"):
                tell_sample()
        result.write_text(json.dumps({"people": sample_people(), "hint": first_steps()}))
    except (Trouble, CommandError, DatabaseError, OSError) as problem:
        report.say(f"\n{_sentence(problem)}")
        sys.exit(1)


def migrate() -> None:
    """Bring the tables up to date. Nothing to do costs no time; our statement time-out does not apply."""
    from django.db.migrations.executor import MigrationExecutor  # needs the app registry

    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    loader = executor.loader
    known = set(loader.graph.nodes) | set(loader.disk_migrations)
    apps = {app for app, _ in known}
    if any(app in apps for app, name in loader.applied_migrations if (app, name) not in known):
        raise Trouble(
            "The database was made by a newer version of Steward than this one, and cannot go back. "
            "Use the newer version, or another folder: STEWARD_HOME=/another/folder make run"
        )
    if executor.migration_plan(newest):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        call_command("migrate", interactive=False, verbosity=0)
        connection.close()


def collect_static_files() -> None:
    """Collect and compress the static files, unless none changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list(None), key=lambda found: found[0]):
            status = os.stat(storage.path(path))
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = location.home() / "static.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and settings.STATIC_ROOT.is_dir():
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest.hexdigest())


def needs_sample() -> bool:
    """Tell whether the sample workspace belongs here: nobody lives in this database yet."""
    from people.models import User

    return "seed" in get_commands() and not User.objects.exists()


def unfinished() -> Path:
    """Return the file that stands in the home while the sample is told."""
    return location.home() / "sample.unfinished"


def tell_sample() -> None:
    """Tell the sample, after removing the half of it that a killed start has left behind."""
    if unfinished().exists() and not needs_sample():
        call_command("seed", remove=True, verbosity=0)
    unfinished().touch()
    call_command("seed", verbosity=0)
    unfinished().unlink()


def sample_people() -> str:
    """
    Return a line for one sample person of each role, and see to it that the shared password works.

    A new STEWARD_SAMPLE_PASSWORD, or a lost file, thereby reaches people who were loaded earlier.
    """
    from people.models import RoleGrant, User

    sample = User.objects.filter(is_sample=True, is_active=True)
    grants = RoleGrant.objects.filter(user__in=sample).select_related("user").order_by("user_id")
    shown: dict[str, User] = {}
    for grant in grants:
        if grant.user not in shown.values():
            shown.setdefault(grant.get_role_display(), grant.user)
    requester = sample.exclude(id__in=grants.values("user_id")).order_by("id").first()
    if requester:
        shown["Requester"] = requester
    if not shown:
        return ""
    password = os.environ["STEWARD_SAMPLE_PASSWORD"]
    if not next(iter(shown.values())).check_password(password):
        for user in sample:
            if user.has_usable_password():
                user.set_password(password)
                user.save(update_fields=["password"])
    return "\n".join(f"  {user.username:<16}{user.name}, {role}" for role, user in shown.items())


def first_steps() -> str:
    """Return what to do in a database where nobody can sign in."""
    from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX  # needs the settings

    from people.models import User

    # People whom an import brought have no password.
    if User.objects.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
        return ""
    return "Nobody can sign in yet. Make an administrator: python3 manage.py createsuperuser"


def _sentence(problem: Exception) -> str:
    # The database may already be repairing itself after a full disk, and say only that it is not ready.
    folders = (location.home(), location.server_home())
    for folder in folders:
        if disk.is_full(folder):
            return disk.sentence(folder)
    return disk.sentence(folders[-1]) if disk.is_named(str(problem)) else str(problem)


if __name__ == "__main__":
    main()
