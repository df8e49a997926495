"""Memory of background work: the worker with the scheduler in it, as `make run` starts it, after its first tasks."""

import tempfile
from pathlib import Path
from time import sleep

from itsm.embedded.options import parse
from itsm.embedded.services import all_of

from .report import Figure

SETTLED_AFTER_SECONDS = 40


def measure() -> Figure:
    """Megabytes of all processes, shared pages counted once."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "log").mkdir()
        worker = next(each for each in all_of(Path(folder), parse([])) if each.name == "worker")
        worker.start()
        try:
            sleep(SETTLED_AFTER_SECONDS)
            assert worker.process is not None
            used = megabytes(family(worker.process.pid))
        finally:
            worker.stop()
    return Figure("memory of worker and scheduler", used, unit="MB", target=200)


def family(pid: int) -> list[int]:
    """The process and everything that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def megabytes(pids: list[int]) -> float:
    """Proportional share of these processes in memory."""
    kilobytes = 0
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024
