"""The parts of the product that the supervisor keeps running: the web, and the worker with the scheduler in it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from itsm.embedded import children, location
from itsm.embedded.logfile import open_log
from itsm.embedded.options import Options


class Service:
    """One program of ours, with its log file."""

    def __init__(self, name: str, command: list[str | Path], *, home: Path, patience_seconds: float) -> None:
        self.name = name
        self.log = home / "log" / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._command = command
        self._patience_seconds = patience_seconds

    def start(self, on_wait: Callable[[str], None] | None = None) -> None:
        """Start the program; it is not waited for."""
        with open_log(self.log) as output:
            self.process = children.spawn(
                [sys.executable, "-m", *self._command],
                # Quick stop: when the supervisor is gone, so is the database in a moment.
                at_our_death=signal.SIGQUIT,
                folder=location.REPOSITORY,
                environment=os.environ | {"DJANGO_SETTINGS_MODULE": "itsm.settings.base"},
                output=output,
            )

    def stop(self) -> None:
        """Let it finish what it is doing, for a while."""
        if self.process is not None:
            children.stop(self.process, by=signal.SIGTERM, patience_seconds=self._patience_seconds)
            self.process = None


def all_of(home: Path, options: Options) -> list[Service]:
    """Return the services in the order of their start: web, worker."""
    bind = f"[{options.host}]:{options.port}" if ":" in options.host else f"{options.host}:{options.port}"
    tasks_at_once = os.environ.get("STEWARD_WORKER_CONCURRENCY") or "1"
    return [
        Service(
            "web",
            ["gunicorn", "--config", "python:itsm.serving", "--bind", bind],
            home=home,
            patience_seconds=15,
        ),
        Service(
            "worker",
            [
                "celery",
                "-A",
                "itsm.celery:app",
                "--quiet",
                "worker",
                "--loglevel=INFO",
                f"--concurrency={tasks_at_once}",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
                "--beat",
                "--schedule",
                home / "schedule",
            ],
            home=home,
            patience_seconds=30,
        ),
    ]
