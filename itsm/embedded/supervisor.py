"""
`make run`: brings everything up in order, keeps it running, and takes all of it down again.

This process lives for weeks, so it never loads Django: what needs Django runs in a child (`prepare`).
"""

import http.client
import json
import os
import signal
import sys
import time
from types import FrameType

from itsm.embedded import children, disk, location, passwords, ports
from itsm.embedded.logfile import tail, trim
from itsm.embedded.options import Options
from itsm.embedded.postgres import Postgres
from itsm.embedded.report import Report
from itsm.embedded.servers import Servers, prepare_home
from itsm.embedded.services import Service, all_of
from itsm.embedded.trouble import Trouble
from itsm.embedded.valkey import Valkey

Part = Postgres | Valkey | Service

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0
# A part that ran this long had recovered; its next fall starts with the first pause again.
_RECOVERED_AFTER_SECONDS = 60.0
_WEB_PATIENCE_SECONDS = 90.0


class Stopped(BaseException):
    """A person or the system asked us to stop."""


def run(options: Options) -> None:
    """
    Start everything and keep it running until SIGINT, SIGTERM or SIGHUP.

    :raises Trouble: it cannot start; whatever had started is stopped again.
    """
    os.environ["PORT"] = str(options.port)
    supervisor = Supervisor(options)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.on_signal)
    try:
        supervisor.start()
        supervisor.keep_running()
    except Stopped:
        pass
    finally:
        supervisor.stop()


class Supervisor:
    """All parts of one installation, in the order of their start."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._report = Report()
        self._home = prepare_home()
        self._servers = Servers(self._home)
        self._services = all_of(self._home, options)
        self._started: list[Part] = []
        self._is_stopping = False
        self._pauses: dict[str, float] = {}
        self._started_at: dict[str, float] = {}
        self._is_short_of_room = False

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Leave whatever is going on; a second request finds us stopping already."""
        if not self._is_stopping:
            self._is_stopping = True
            raise Stopped

    def start(self) -> None:
        """Bring everything up in order, and say where it is and who can sign in."""
        self._servers.take_lock(purpose=f"make run, at {self._options.address}")
        ports.check_free(self._options.host, self._options.port)
        self._report.say(f"Steward starts. Its data stands in {self._home}")
        if location.server_home() != self._home:
            self._report.say(f"(the database in {location.server_home()}, which its account can enter)")
        for server in self._servers.all:
            with self._report.step(server.name):
                self._start(server)
        prepared = self._prepare()
        with self._report.step("Web, worker with scheduler"):
            for service in self._services:
                self._start(service)
            self._wait_for_web()
        self._say_ready(prepared)

    def keep_running(self) -> None:
        """Restart what dies, with growing pauses. Returns never; a signal ends it."""
        checked = 0
        while True:
            time.sleep(0.5)
            for part in self._started:
                if part.process is not None and part.process.poll() is not None:
                    self._restart(part)
            checked += 1
            if checked % 20 == 0:
                self._watch_disk()
            if checked % 120 == 0:
                for part in self._started:
                    trim(part.log)

    def stop(self) -> None:
        """Stop in the order web, worker, Valkey, PostgreSQL."""
        self._is_stopping = True
        if self._started:
            self._report.say("\nStopping …")
        for part in self._services:
            part.stop()
        self._servers.stop()
        if self._started:
            self._report.say("Stopped. The data is kept.")

    def _start(self, part: Part) -> None:
        try:
            part.start(self._report.say)
        except OSError as problem:
            raise location.unwritable(self._home, problem) from problem
        self._started_at[part.name] = time.monotonic()
        if part not in self._started:
            self._started.append(part)

    def _restart(self, part: Part) -> None:
        assert part.process is not None
        ran_seconds = time.monotonic() - self._started_at[part.name]
        pause = self._pauses.get(part.name, _FIRST_PAUSE_SECONDS)
        if ran_seconds > _RECOVERED_AFTER_SECONDS:
            pause = _FIRST_PAUSE_SECONDS
        self._pauses[part.name] = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        self._watch_disk()
        # What a program says of a full disk is long, and the sentence that says it shortly has been said.
        log = "." if self._is_short_of_room else f". Its log, {part.log}, ends:\n{tail(part.log)}"
        outcome = _outcome(part.process.returncode)
        self._report.say(f"{part.name} ended unexpectedly ({outcome}); it starts again in {pause:.0f} s{log}")
        time.sleep(pause)
        try:
            self._start(part)
        except Trouble as trouble:
            self._report.say(str(trouble))

    def _watch_disk(self) -> None:
        """Say once that the disk is full, and once that it has room again. What fell over meanwhile starts again."""
        folders = (location.server_home(), self._home)
        full = next((folder for folder in folders if disk.is_full(folder)), None)
        if full and not self._is_short_of_room:
            self._is_short_of_room = True
            self._report.say(
                f"The disk that holds {full} is full: nothing new can be saved. Free some space; Steward goes on by "
                "itself as soon as there is room."
            )
        elif self._is_short_of_room and all(disk.has_room(folder) for folder in folders):
            self._is_short_of_room = False
            self._report.say("The disk has room again.")

    def _prepare(self) -> dict[str, str]:
        """Run the steps that need Django in a child of their own; they report for themselves."""
        result = self._home / "log" / "prepared.json"
        result.unlink(missing_ok=True)
        password = passwords.for_sample_people(self._home)
        child = children.spawn(
            [
                sys.executable,
                "-m",
                "itsm.embedded.prepare",
                result,
                *([] if self._options.with_sample else ["--empty"]),
            ],
            at_our_death=signal.SIGKILL,
            environment=os.environ | {"STEWARD_SAMPLE_PASSWORD": password},
            folder=location.REPOSITORY,
        )
        try:
            code = child.wait()
        except Stopped:
            children.stop(child, by=signal.SIGTERM, patience_seconds=5)
            raise
        if code != 0:
            raise Trouble("The preparation failed; the reason stands above. Nothing was started.")
        prepared: dict[str, str] = json.loads(result.read_text())
        return prepared

    def _wait_for_web(self) -> None:
        web = self._services[0]
        until = time.monotonic() + _WEB_PATIENCE_SECONDS
        while time.monotonic() < until:
            assert web.process is not None
            if web.process.poll() is not None:
                raise Trouble(f"The web server stopped while starting. Its log, {web.log}, ends:\n{tail(web.log)}")
            if _answers(self._options):
                return
            time.sleep(0.1)
        raise Trouble(f"The web server does not answer. {web.log} ends:\n{tail(web.log)}")

    def _say_ready(self, prepared: dict[str, str]) -> None:
        lines = ["", f"Steward is ready: {self._options.address}", ""]
        if prepared["people"]:
            lines += [
                "Sign in as one of the sample people:",
                prepared["people"],
                f"Their password: {passwords.for_sample_people(self._home)}",
            ]
        elif prepared["hint"]:
            lines.append(prepared["hint"])
        lines += ["", f"Logs: {self._home / 'log'}. Ctrl-C stops everything."]
        self._report.say("\n".join(lines))


def _answers(options: Options) -> bool:
    """Tell whether the web server gives any answer but an error of its own."""
    host = options.address.removeprefix("http://").rpartition(":")[0].strip("[]")
    connection = http.client.HTTPConnection(host, options.port, timeout=10)
    try:
        connection.request("GET", "/health/live/", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _outcome(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
