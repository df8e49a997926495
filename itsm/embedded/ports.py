"""Whether the port is free, and who has it if not."""

import errno
import os
import socket
from pathlib import Path

from itsm.embedded import children
from itsm.embedded.trouble import Trouble

_LISTENING = "0A"


def check_free(host: str, port: int) -> None:
    """
    Make sure that we could listen at `host` and `port`.

    :raises Trouble: somebody else does, or we may not; the message says who and what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise Trouble(
                f"Port {port} is in use{_by(port)}. Stop that program, or choose another port: "
                f"PORT={port + 1 if port < 65535 else 8001} make run"
            ) from problem
        if problem.errno == errno.EACCES:
            raise Trouble(
                f"Only root may listen on port {port}. Choose one above 1023: PORT=8000 make run"
            ) from problem
        raise Trouble(
            f"Steward cannot listen at {host}, port {port}: {problem.strerror}. "
            "STEWARD_BIND names the address, PORT the port."
        ) from problem


def _by(port: int) -> str:
    """Return " by <program> (process 123)" as far as the kernel lets us see it."""
    inodes = _listening_inodes(port)
    for folder in Path("/proc").glob("[0-9]*"):
        if inodes & _socket_inodes(folder):
            command = children.command_of(int(folder.name))[:80]
            return f" by {command or 'a program'} (process {folder.name})"
    return " by another program"


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if columns[3] == _LISTENING and int(columns[1].rpartition(":")[2], 16) == port:
                found.add(f"socket:[{columns[9]}]")
    return found


def _socket_inodes(process: Path) -> set[str]:
    found = set()
    try:
        for descriptor in (process / "fd").iterdir():
            found.add(os.readlink(descriptor))
    except OSError:  # another person's process, or it just ended
        return found
    return found
