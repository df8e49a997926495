"""The product behind gunicorn, as `make run` serves it, and a client that costs next to nothing."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter, sleep

from itsm.embedded import location

from .memory import megabytes
from .timing import Sample

PATIENCE_SECONDS = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


class Unanswered(Exception):
    """The server did not start, or answered otherwise than the scenario needs."""


@dataclass
class Site:
    """A running server on a port of the loopback."""

    port: int
    process: "subprocess.Popen[bytes]"

    def ask(self, request: bytes, *, status: int = 200) -> float:
        """Send one request on a connection of its own and read the whole answer. Returns milliseconds."""
        begin = perf_counter()
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(request)
            first = connection.recv(65_536)
            while connection.recv(65_536):
                pass
        passed = (perf_counter() - begin) * 1000
        if first[9:12] != str(status).encode():
            raise Unanswered(f"{request[:80]!r}: {first[:200]!r}")
        return passed

    def load(self, requests: Sequence[bytes], *, at_once: int, status: int) -> tuple[Sample, float]:
        """Ask so many at once. Returns the times, and answers per second."""
        cpu, begin = self.cpu_seconds(), perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            walls = list(pool.map(lambda each: self.ask(each, status=status), requests))
        passed = perf_counter() - begin
        return Sample(walls, (self.cpu_seconds() - cpu) * 1000 / len(walls)), len(walls) / passed

    def processes(self) -> list[int]:
        """The master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        """Processor time of all processes of the site so far."""
        spent = 0
        for pid in self.processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            spent += int(fields[11]) + int(fields[12])
        return spent / TICKS

    def memory_mb(self) -> float:
        """Memory of all processes, shared pages counted once."""
        return megabytes(self.processes())


def alternately(
    first: tuple[Site, Sequence[bytes]], second: tuple[Site, Sequence[bytes]], *, seconds: float = 20.0
) -> tuple[Sample, Sample]:
    """
    Ask two sites in turn, one request after the other, after warming up every worker.

    In turn, because what else the machine does changes by the second: both get the same share of it.
    """
    for each in range(8):
        for server, requests in (first, second):
            server.ask(requests[each % len(requests)])
    walls: tuple[list[float], list[float]] = ([], [])
    end = perf_counter() + seconds
    for pair in zip(first[1], second[1], strict=True):
        for server, asked, found in zip((first[0], second[0]), pair, walls, strict=True):
            found.append(server.ask(asked))
        if perf_counter() > end:
            break
    return Sample(walls[0]), Sample(walls[1])


@contextmanager
def site(settings: str = "itsm.settings.base") -> Iterator[Site]:
    """
    Serve with two workers within the block.

    :raises Unanswered: it does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:itsm.serving", "--bind", f"127.0.0.1:{port}"],
            cwd=location.REPOSITORY,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": settings, "STEWARD_WEB_WORKERS": "2"},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            if not _answers(port, process):
                log.seek(0)
                raise Unanswered(f"gunicorn did not start:\n{log.read()[-4000:].decode()}")
            yield Site(port, process)
        finally:
            process.terminate()
            process.wait(30)


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    until = monotonic() + PATIENCE_SECONDS
    while monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            sleep(0.1)
        else:
            return True
    return False


def request(path: str, *, cookie: str = "", token: str = "", body: bytes | None = None) -> bytes:
    """A request as bytes, made once and sent often. It asks for the connection to be closed."""
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close",
             "Accept-Encoding: gzip"]  # fmt: skip
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (body or b"")
