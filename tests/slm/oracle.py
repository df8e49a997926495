"""
A slow and obvious judge of clocks: a tape with one mark for each minute, read from the beginning for every question.

It knows the rules of pausing, retargeting and reopening from the domain reference and shares no code with the engine:
not the ledger, not the calendar arithmetic. Acts fall on whole minutes.
"""

from datetime import datetime, timedelta

from tests.calendars.oracle import Oracle as Hours

MINUTE = timedelta(minutes=1)
FARTHEST = 14 * 24 * 60


class Judge:
    """
    One resolution clock. The tape says of each minute whether the clock was running in it, open or not.

    :param policy: of retargeting: from_start, from_change or stricter_only.
    """

    def __init__(self, hours: Hours, started_at: datetime, target: timedelta, policy: str) -> None:
        self.hours, self.started_at, self.policy = hours, started_at, policy
        self.target, self.free = target // MINUTE, 0
        self.tape: list[bool] = []
        self.state = "running"
        self.breached_at: datetime | None = None
        self._open: list[bool] = []

    @property
    def now(self) -> datetime:
        return self.started_at + len(self.tape) * MINUTE

    @property
    def used(self) -> int:
        """Open minutes in which the clock ran."""
        return sum(running and self._is_open(index) for index, running in enumerate(self.tape))

    def walk(self, minutes: int) -> None:
        """Let time pass."""
        self.tape += [self.state == "running"] * minutes
        self.look()

    def look(self) -> None:
        """Note a breach: the clock went on running after the minutes allowed were used up."""
        if self.breached_at is None and self.state in ("running", "paused"):
            self.breached_at = self.overrun(self.tape)

    def overrun(self, tape: list[bool]) -> datetime | None:
        """The first minute that ran although everything allowed had been used."""
        used = 0
        for index, running in enumerate(tape):
            if running and used >= self.free + self.target:
                return self.started_at + index * MINUTE
            used += running and self._is_open(index)
        return None

    def due(self) -> datetime | None:
        """What `overrun` finds if the clock runs on from now; None while it does not run."""
        return self.overrun(self.tape + [True] * FARTHEST) if self.state == "running" else None

    def hold(self, is_agreed: bool) -> None:
        if is_agreed and self.state == "running":
            self.state = "paused"

    def resume(self) -> None:
        if self.state == "paused":
            self.state = "running"

    def retarget(self, target: timedelta) -> None:
        minutes = target // MINUTE
        if self.state not in ("running", "paused") or minutes == self.target:
            return
        if self.policy == "from_start":
            self.target, self.free = minutes, 0
        elif self.policy == "from_change":
            self.target, self.free = minutes, self.used
        else:
            self.target = min(self.target, minutes)
        self.look()

    def resolve(self) -> None:
        self.state = "missed" if self.breached_at else "met"

    def reopen(self) -> None:
        self.state = "running"

    def _is_open(self, index: int) -> bool:
        while len(self._open) <= index:
            self._open.append(self.hours.is_open(self.started_at + len(self._open) * MINUTE))
        return self._open[index]
