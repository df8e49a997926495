"""
Who runs the embedded servers of a folder, and who uses them.

Two files with kernel locks, which vanish with their process however it dies: `steward.lock` is held by the
one that runs the servers, `users.lock` is shared by every command that uses them. Whoever started servers for
the time of one command waits for the other users before stopping them.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from itsm.embedded.trouble import Trouble


class Held(Trouble):
    """Another process runs the embedded servers of this folder."""


class ServerLock:
    """The right to run the embedded servers of `folder`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "steward.lock"
        self._file: int | None = None

    def take(self, *, purpose: str) -> Self:
        """
        Take the lock and write down who we are.

        :param purpose: what a second start is told, such as "make run, at http://127.0.0.1:8000".
        :raises Held: somebody else has it.
        """
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise Held(self._sentence()) from None
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps({"pid": os.getpid(), "purpose": purpose}).encode(), 0)
        self._file = file
        return self

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _sentence(self) -> str:
        try:
            holder = json.loads(self._path.read_text())
        except (OSError, ValueError):  # it is being written at this very moment
            holder = {"pid": "unknown", "purpose": "another start"}
        return (
            f"Steward already runs on {self._path.parent}: {holder['purpose']} (process {holder['pid']}). "
            f"Use that one, stop it with Ctrl-C or `kill {holder['pid']}`, or start a second one beside it: "
            "STEWARD_HOME=/another/folder PORT=8001 make run"
        )


class UserLock:
    """The note that this process uses the servers of `folder`, whoever runs them."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)

    def share(self) -> None:
        """Wait until nobody is stopping the servers, then count as a user."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def wait_until_alone(self) -> None:
        """Wait until no other process uses the servers, and keep new ones waiting until we are gone."""
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def release(self) -> None:
        """Stop counting as a user."""
        os.close(self._file)


@contextmanager
def using(folder: Path) -> Iterator[UserLock]:
    """Count as a user of the servers of `folder` within the block."""
    lock = UserLock(folder)
    lock.share()
    try:
        yield lock
    finally:
        lock.release()
