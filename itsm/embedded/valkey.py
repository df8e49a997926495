"""The embedded Valkey: cache and message broker. Losing its data costs nothing but a little time."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from itsm.embedded import accounts, children, disk, location, programs
from itsm.embedded.logfile import open_log, tail
from itsm.embedded.trouble import Trouble

_ORPHAN_PATIENCE_SECONDS = 5.0
_STOP_PATIENCE_SECONDS = 10.0


class Valkey:
    """One Valkey server on a private socket, with its data below `home`."""

    name = "Valkey"

    def __init__(self, home: Path, *, keep: bool = True) -> None:
        self.data = location.server_home(home) / "valkey"
        self.sockets = location.socket_folder(home)
        self.socket = self.sockets / location.VALKEY_SOCKET
        self.log = home / "log" / "valkey.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._keep = keep
        self._account = accounts.for_servers()

    def start(self, on_wait: Callable[[str], None] | None = None) -> None:
        """
        Bring the server up. Returns when it answers.

        Files that an unclean stop made unreadable are set aside: what is due stands in tables, so nothing is
        lost.

        :param on_wait: told a sentence when something unusual is done.
        :raises Trouble: it cannot run; the message says why.
        """
        program = programs.valkey()
        accounts.make_private_folder(self.sockets)
        accounts.make_private_folder(self.data)
        self._end_orphan()
        if self._launch(program):
            return
        broken = self.data / "appendonlydir"
        if broken.exists():
            broken.rename(broken.with_name(f"unreadable-{int(time.time())}"))
            if on_wait:
                on_wait("Valkey's files were damaged; they are set aside and it starts empty")
            if self._launch(program):
                return
        last = tail(self.log)
        if disk.is_named(last) or disk.is_full(self.data):
            raise Trouble(f"Valkey stopped while starting. {disk.sentence(self.data)}")
        raise Trouble(f"Valkey stopped while starting. Its log, {self.log}, ends:\n{last}")

    def stop(self) -> None:
        """Stop cleanly, keeping what is queued."""
        if self.process is not None:
            children.stop(self.process, by=signal.SIGTERM, patience_seconds=_STOP_PATIENCE_SECONDS)
            self.process = None

    def _end_orphan(self) -> None:
        """End a server that outlived its supervisor; the caller holds our lock, so it belongs to nobody."""
        pid_file = self.data / "valkey.pid"
        try:
            pid = int(pid_file.read_text())
        except (OSError, ValueError):
            pid = 0
        if pid and children.works_in(pid, self.data):
            children.end_orphan(pid, by=signal.SIGTERM, patience_seconds=_ORPHAN_PATIENCE_SECONDS)
        pid_file.unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)

    def _launch(self, program: Path) -> bool:
        """Start the process; return whether it came to answer, or ended before."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.data / "valkey.pid"),
            "daemonize": "no",
            "save": "",
            "appendonly": "yes" if self._keep else "no",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        command: list[str | Path] = [program]
        for name, value in options.items():
            command += [f"--{name}", value]
        with open_log(self.log) as output:
            self.process = children.spawn(
                command, at_our_death=signal.SIGTERM, account=self._account, output=output, folder=Path("/")
            )
        while self.process.poll() is None:
            if answers(self.socket):
                return True
            time.sleep(0.02)
        return False


def answers(path: Path) -> bool:
    """
    Tell whether a server on the socket `path` accepts commands; one that still reads its files does not.

    By hand: the client library would cost the supervisor more memory than the server takes.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(5)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False
