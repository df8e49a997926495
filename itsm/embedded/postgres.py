"""The embedded PostgreSQL: made once, healed, started as a child, stopped quickly."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import psycopg2

from itsm.embedded import accounts, children, disk, location, programs
from itsm.embedded.logfile import open_log, tail
from itsm.embedded.trouble import Trouble

# What a throwaway server for tests may skip: it need not survive a power cut.
THROWAWAY = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_wal_size=4GB",
    "shared_buffers=128MB",
)

# A sixteenth of the memory for pages of the database, within these bounds: the rest is for its system's own cache.
_SMALLEST_BUFFERS_MB, _LARGEST_BUFFERS_MB = 128, 1024

_ORPHAN_PATIENCE_SECONDS = 10.0
_STOP_PATIENCE_SECONDS = 30.0


class Postgres:
    """One PostgreSQL server on a private socket, with its data below `home`."""

    name = "PostgreSQL"

    def __init__(self, home: Path, *, settings: tuple[str, ...] = ()) -> None:
        self.data = location.server_home(home) / "postgres"
        self.sockets = location.socket_folder(home)
        self.log = home / "log" / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._settings = settings
        self._account = accounts.for_servers()

    def start(self, on_wait: Callable[[str], None] | None = None) -> None:
        """
        Bring the server up and make sure that our database exists. Returns when it answers.

        :param on_wait: told a sentence when recovery after an unclean stop takes long.
        :raises Trouble: it cannot run; the message says why.
        """
        program = programs.postgres("postgres")
        self._check_version(program)
        accounts.make_private_folder(self.sockets)
        if not (self.data / "PG_VERSION").exists():
            self._make_data()
        self._end_orphan()
        self._launch(program)
        self._wait_until_it_answers(on_wait)
        self._make_database()

    def stop(self) -> None:
        """Stop at once but cleanly: clients are cut off, everything committed is kept."""
        if self.process is not None:
            children.stop(self.process, by=signal.SIGINT, patience_seconds=_STOP_PATIENCE_SECONDS)
            self.process = None

    def _check_version(self, program: Path) -> None:
        try:
            made_by = int((self.data / "PG_VERSION").read_text())
        except (FileNotFoundError, NotADirectoryError):
            return
        except PermissionError:
            raise Trouble(
                f"{self.data} holds the database but belongs to another account. "
                "Start Steward as the person who started it first, or name another folder by STEWARD_HOME."
            ) from None
        ours = programs.major_version(program)
        if made_by != ours:
            raise Trouble(
                f"The database in {self.data} was made by PostgreSQL {made_by}; the installed programs are "
                f"version {ours} and cannot read it. Point STEWARD_POSTGRES_BIN at the programs of version "
                f"{made_by}, dump the database with pg_dump, move the folder aside, start again and restore "
                "the dump."
            )

    def _make_data(self) -> None:
        """
        Run initdb beside and move the result into place, so that a half-made folder is never taken for a
        database.
        """
        draft = self.data.with_name("postgres.new")
        if draft.exists():
            shutil.rmtree(draft)
        accounts.make_private_folder(draft)
        program = programs.postgres("initdb")
        command: list[str | Path] = [program, "-D", draft, "-U", location.DATABASE_ROLE]
        command += ["--auth=trust", "--encoding=UTF8"]
        if programs.major_version(program) >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", "--no-instructions"]
        if self._settings:
            command += ["--no-sync"]
        with open_log(self.log) as output:
            child = self._spawn(command, at_our_death=signal.SIGKILL, output=output)
            if child.wait() != 0:
                raise Trouble(self._reason("PostgreSQL could not make its data folder"))
        draft.rename(self.data)

    def _end_orphan(self) -> None:
        """
        Deal with what an unclean stop left: a server without its supervisor, or a pid file without a server.

        The caller holds our lock, so a server on this folder belongs to nobody. A pid that meanwhile belongs
        to another program would make PostgreSQL refuse to start; the file then goes.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            pid = 0
        if pid and children.works_in(pid, self.data):
            children.end_orphan(pid, by=signal.SIGINT, patience_seconds=_ORPHAN_PATIENCE_SECONDS)
        pid_file.unlink(missing_ok=True)
        for leftover in self.sockets.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)

    def _launch(self, program: Path) -> None:
        settings = (
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            f"port={location.POSTGRES_PORT}",
            "timezone=UTC",
            "log_timezone=UTC",
            f"shared_buffers={shared_buffers_mb(memory_mb())}MB",
            *self._settings,
        )
        command: list[str | Path] = [program, "-D", self.data]
        for setting in settings:
            command += ["-c", setting]
        with open_log(self.log) as output:
            # SIGINT: a fast stop. SIGTERM would wait for every client to leave.
            self.process = self._spawn(command, at_our_death=signal.SIGINT, output=output)

    def _spawn(
        self, command: list[str | Path], *, at_our_death: signal.Signals, output: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        return children.spawn(
            command,
            at_our_death=at_our_death,
            account=self._account,
            environment=_environment(),
            folder=Path("/"),
            output=output,
        )

    def _wait_until_it_answers(self, on_wait: Callable[[str], None] | None) -> None:
        """Wait on the process, not on the clock: recovery after a power cut takes as long as it takes."""
        assert self.process is not None
        started = time.monotonic()
        told = False
        while True:
            if self.process.poll() is not None:
                raise Trouble(self._reason("PostgreSQL stopped while starting"))
            try:
                self._connect("postgres").close()
            except psycopg2.OperationalError:
                time.sleep(0.03)
            else:
                return
            if on_wait and not told and time.monotonic() - started > 5:
                told = True
                on_wait("PostgreSQL repairs its files after an unclean stop; this can take a while")

    def _make_database(self) -> None:
        connection = self._connect("postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [location.DATABASE_NAME])
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{location.DATABASE_NAME}"')
        finally:
            connection.close()

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=str(self.sockets), port=location.POSTGRES_PORT, user=location.DATABASE_ROLE, dbname=database
        )

    def _reason(self, what: str) -> str:
        last = tail(self.log)
        if disk.is_named(last) or disk.is_full(self.data):
            return f"{what}. {disk.sentence(self.data)}"
        if "ermission denied" in last:
            return f"{what}: it may not use {self.data} or {self.sockets}.\n{last}"
        return f"{what}. Its log, {self.log}, ends:\n{last}"


def shared_buffers_mb(memory: int) -> int:
    """How much memory the server keeps for pages, of so many megabytes that we may use."""
    return min(max(memory // 16, _SMALLEST_BUFFERS_MB), _LARGEST_BUFFERS_MB)


def memory_mb() -> int:
    """Memory of the machine, or of the container where that is less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        allowed = int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # no container, or one without a limit
        allowed = machine
    return min(machine, allowed) // 2**20


def _environment() -> dict[str, str]:
    """Return the environment of the server: ours without the variables that would change its mind."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
