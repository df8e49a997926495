"""Taking times: many runs of one call within a bounded while, with the processor time and the statements it took."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import Any

from django.db import connection

WARM_UPS = 3


@dataclass
class Sample:
    """Wall times in milliseconds, in the order of size, and the mean processor time of this process for one run."""

    walls_ms: list[float]
    cpu_ms: float | None = None

    def __post_init__(self) -> None:
        self.walls_ms = sorted(self.walls_ms)

    def percentile(self, share: float) -> float:
        return self.walls_ms[min(len(self.walls_ms) - 1, round(share * (len(self.walls_ms) - 1)))]

    @property
    def p50(self) -> float:
        return self.percentile(0.50)

    @property
    def p95(self) -> float:
        return self.percentile(0.95)


def sample(call: Callable[[Any], object], inputs: Sequence[Any], *, seconds: float = 15.0) -> Sample:
    """
    Call once for each input, after a few calls for warming up, and stop early when `seconds` have passed.

    The inputs differ, so that no cache of one ticket or one query makes the figure better than life.
    """
    for each in inputs[:WARM_UPS]:
        call(each)
    walls, end, cpu = [], perf_counter() + seconds, process_time()
    for each in inputs:
        begin = perf_counter()
        call(each)
        walls.append((perf_counter() - begin) * 1000)
        if perf_counter() > end:
            break
    return Sample(walls, (process_time() - cpu) * 1000 / len(walls))


def once(call: Callable[[], object]) -> Sample:
    """Time one call that can't be repeated."""
    cpu, begin = process_time(), perf_counter()
    call()
    return Sample([(perf_counter() - begin) * 1000], (process_time() - cpu) * 1000)


@dataclass
class Statements:
    """What was sent to the database: text and parameters of each statement."""

    said: list[tuple[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.said)


@contextmanager
def statements() -> Iterator[Statements]:
    """Collect the statements of Django's connection within the block, without the marks of savepoints."""
    found = Statements()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
            found.said.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found
