"""
A judge for several clocks of one ticket: a tape of minutes for each, and one row of minutes that says when it is open.

Like `oracle.Judge` it knows the rules from the domain reference and shares no code with the engine. Acts fall on whole
minutes. Sums over the tape are done with numpy, for a walk of days has many minutes.
"""

from datetime import datetime, timedelta

import numpy as np

from tests.calendars.oracle import Oracle as Hours

MINUTE = timedelta(minutes=1)
DAYS = 26
_known: dict[tuple[object, datetime], np.ndarray] = {}


def minutes_of(hours: Hours, start: datetime) -> np.ndarray:
    """Of each minute from the start on whether it is open; kept, for it is walked minute by minute."""
    found = _known.get((hours.spec, start))
    if found is None:
        found = np.array([hours.is_open(start + number * MINUTE) for number in range(DAYS * 24 * 60)])
        _known[hours.spec, start] = found
    return found


class Row:
    """The minutes from a start on; an edit of the hours changes those to come."""

    def __init__(self, hours: Hours, start: datetime) -> None:
        self.start, self.now = start, 0
        self.open = minutes_of(hours, start).copy()

    @property
    def at(self) -> datetime:
        return self.start + self.now * MINUTE

    def edit(self, hours: Hours) -> None:
        self.open[self.now :] = minutes_of(hours, self.start)[self.now :]


class Watch:
    """One clock. `tape` says of each minute of the row whether it ran in it. `policy` is that for new targets."""

    def __init__(self, row: Row, target: int, policy: str) -> None:
        self.row, self.target, self.policy, self.free = row, target, policy, 0
        self.tape = np.zeros(len(row.open), dtype=bool)
        self.state = "running"
        self.breached_at: datetime | None = None

    @property
    def used(self) -> int:
        """Open minutes in which it ran."""
        return int((self.tape & self.row.open)[: self.row.now].sum())

    def walk(self, minutes: int) -> None:
        """Let time pass, before the row does."""
        if self.state == "running":
            self.tape[self.row.now : self.row.now + minutes] = True

    def look(self) -> None:
        """Note a breach: it went on running after the minutes allowed were used up."""
        if self.breached_at is None and self.state in ("running", "paused"):
            self.breached_at = self.overrun(self.tape, self.row.now)

    def overrun(self, tape: np.ndarray, until: int) -> datetime | None:
        """The first minute that ran although everything allowed had been used."""
        counted = (tape & self.row.open)[:until]
        used = np.cumsum(counted) - counted
        over = tape[:until] & (used >= self.free + self.target)
        return self.row.start + int(np.argmax(over)) * MINUTE if over.any() else None

    def due(self) -> datetime | None:
        """What `overrun` finds if it runs on from now; None while it does not run."""
        if self.state != "running":
            return None
        tape = self.tape.copy()
        tape[self.row.now :] = True
        return self.overrun(tape, len(tape))

    def hold(self, is_agreed: bool) -> None:
        if is_agreed and self.state == "running":
            self.state = "paused"

    def resume(self) -> None:
        if self.state == "paused":
            self.state = "running"

    def retarget(self, target: int) -> None:
        if self.state not in ("running", "paused") or target == self.target:
            return
        if self.policy == "from_start":
            self.target, self.free = target, 0
        elif self.policy == "from_change":
            self.target, self.free = target, self.used
        else:
            self.target = min(self.target, target)
        self.look()

    def stop(self) -> None:
        if self.is_live:
            self.state = "missed" if self.breached_at else "met"

    def drop(self) -> None:
        if self.is_live:
            self.state = "cancelled"

    def reopen(self) -> None:
        self.state = "running"

    @property
    def is_live(self) -> bool:
        return self.state in ("running", "paused")
