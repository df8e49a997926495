"""Both embedded servers together: which of them are wanted, who runs them, and for how long."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from itsm.embedded import location, lock, valkey
from itsm.embedded.postgres import THROWAWAY, Postgres
from itsm.embedded.trouble import Trouble
from itsm.embedded.valkey import Valkey

_OTHERS_START_SECONDS = 120.0


class Servers:
    """The embedded servers of one folder, as far as no real ones are named by DATABASE_URL and REDIS_URL."""

    def __init__(self, home: Path, *, throwaway: bool = False) -> None:
        self.home = home
        self._lock = lock.ServerLock(home)
        self.all: list[Postgres | Valkey] = []
        if throwaway or not os.environ.get("DATABASE_URL"):
            self.all.append(Postgres(home, settings=THROWAWAY if throwaway else ()))
        if throwaway or not os.environ.get("REDIS_URL"):
            self.all.append(Valkey(home, keep=not throwaway))

    def take_lock(self, *, purpose: str) -> None:
        """
        Claim the folder.

        :raises lock.Held: another process runs its servers.
        """
        self._lock.take(purpose=purpose)

    def start(self, on_wait: Callable[[str], None] | None = None) -> None:
        """
        Bring the servers up. `take_lock` comes first.

        :raises Trouble: one cannot run; those already up are stopped again.
        """
        try:
            for server in self.all:
                server.start(on_wait)
        except BaseException as problem:
            self.stop()
            if isinstance(problem, OSError):
                raise location.unwritable(self.home, problem) from problem
            raise

    def stop(self) -> None:
        """Stop the servers, last started first, and give the folder back."""
        for server in reversed(self.all):
            server.stop()
        self._lock.release()


def prepare_home() -> Path:
    """
    Make the folder of all state and, where the servers' data stands elsewhere, that folder too.

    :raises Trouble: it cannot be written.
    """
    folder = location.home()
    try:
        location.make_home()
        elsewhere = location.server_home()
        if elsewhere != folder:
            elsewhere.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            elsewhere.mkdir(mode=0o711, exist_ok=True)
            (folder / "servers.txt").write_text(f"The data of PostgreSQL and Valkey stands in {elsewhere}\n")
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise location.unwritable(folder, problem) from problem
    return folder


@contextmanager
def for_one_command(*, purpose: str) -> Iterator[None]:
    """
    Have servers within the block: those that run already, or our own for as long as they are used.

    :raises Trouble: they cannot be brought up.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield
        return
    folder = prepare_home()
    with lock.using(folder) as use:
        servers = _own_or_wait_for_others(folder, purpose=purpose)
        try:
            yield
        finally:
            if servers is not None:
                use.wait_until_alone()
                servers.stop()


def _own_or_wait_for_others(folder: Path, *, purpose: str) -> Servers | None:
    """Start servers and return them, or return None as soon as somebody else's answer."""
    until = time.monotonic() + _OTHERS_START_SECONDS
    while True:
        servers = Servers(folder)
        try:
            servers.take_lock(purpose=purpose)
        except lock.Held as held:
            if _answer():
                return None
            if time.monotonic() > until:
                raise Trouble(f"The embedded servers do not answer. {held}") from held
            time.sleep(0.1)
        else:
            servers.start()
            return servers


def _answer() -> bool:
    """Tell whether the embedded servers that we need accept us right now."""
    if not os.environ.get("DATABASE_URL"):
        try:
            psycopg2.connect(location.database_url()).close()
        except psycopg2.OperationalError:
            return False
    return bool(os.environ.get("REDIS_URL")) or valkey.answers(location.socket_folder() / location.VALKEY_SOCKET)
