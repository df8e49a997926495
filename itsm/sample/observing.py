"""How people of the sample watch their measures: dashboards, a table, a weekly mail, notes, alerts and pins."""

from datetime import datetime, timedelta
from typing import Any

from audit.acts import acting
from audit.models import Channel
from measurement.dashboards import operations as dashboards
from measurement.dashboards.models import Dashboard
from measurement.following import operations as following
from measurement.notes import operations as notes
from measurement.notes.enums import Audience
from measurement.periods import today
from measurement.pivots import operations as pivots
from measurement.schedules import operations as schedules

from .cast import Cast

# Tiles: what each shows, and how wide it is.
DESK: tuple[dict[str, Any], ...] = (
    {"kind": "number", "kpi": "inc-backlog", "title": "Open now"},
    {"kind": "number", "kpi": "inc-open-breached", "title": "Open and late"},
    {"kind": "number", "kpi": "inc-fcr"},
    {"kind": "trend", "kpi": "inc-volume", "width": 2},
    {"kind": "split", "kpi": "inc-backlog", "by_dimension": "service"},
    {"kind": "records", "query": "is:overdue", "title": "Late, the oldest first", "width": 3},
)
PROMISES: tuple[dict[str, Any], ...] = (
    {"kind": "number", "kpi": "slm-attainment"},
    {"kind": "number", "kpi": "inc-resolution-sla"},
    {"kind": "number", "kpi": "chg-success"},
    {"kind": "control", "kpi": "slm-attainment", "width": 2},
    {"kind": "split", "kpi": "slm-attainment", "by_dimension": "organization"},
)


class Observer:
    """Tells what was set up to watch the measures. After the counting, and after what is wanted of them was said."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at

    def tell(self) -> None:
        with acting(channel=Channel.WEB, is_quiet=True):
            staff = self.cast.staff
            since: dict[str, Any] = {"at": self.now - timedelta(days=35), "is_sample": True}
            self._dashboard(
                "luca", "Our desk this week", "7d", DESK, people=[], teams=[self.cast.teams["Service desk"]]
            )
            kept = self._dashboard(
                "ines", "Do we keep our promises?", "30d", PROMISES, people=[staff["ada"], staff["noor"]], teams=[]
            )
            schedules.create(
                by=staff["ines"], name="Promises, every Monday", dashboard=kept, every="week", weekday=0, minute=420,
                zone="Europe/Oslo", receivers=[staff["ada"], staff["noor"]], **since,
            )  # fmt: skip
            pivots.create(
                by=staff["ines"], name="Attainment by customer and month", kpi="slm-attainment", rows="organization",
                columns="month", query="range=90d", **since,
            )  # fmt: skip
            self._notes()
            following.alert(by=staff["ines"], kpi="inc-resolution-sla", when="target", **since)
            following.alert(by=staff["luca"], kpi="inc-backlog", when="above", bound=400, **since)
            for person, kpi in (
                ("ines", "slm-attainment"), ("ines", "chg-success"), ("luca", "inc-backlog"), ("luca", "inc-fcr"),
                ("tom", "inc-reopen"),
            ):  # fmt: skip
                following.pin(by=staff[person], kpi=kpi, is_sample=True)

    def _dashboard(
        self,
        owner: str,
        name: str,
        days: str,
        tiles: tuple[dict[str, Any], ...],
        *,
        people: list[Any],
        teams: list[Any],
    ) -> Dashboard:
        by, at = self.cast.staff[owner], self.now - timedelta(days=35)
        made = dashboards.create(by=by, at=at, name=name, is_sample=True)
        for each in tiles:
            dashboards.add_tile(dashboard=made, by=by, at=at, **each)
        return dashboards.change(
            dashboard=made, by=by, at=at, version=None, name=name, range=days,
            with_whom={"people": people, "teams": teams},
        )  # fmt: skip

    def _notes(self) -> None:
        day, staff = today(self.now), self.cast.staff
        notes.write(
            by=staff["luca"], at=self.now - timedelta(days=20), kpi="inc-volume", audience=Audience.ORGANIZATION,
            text="New shift plan: two more people from seven o'clock.", day_from=day - timedelta(days=20),
            is_sample=True,
        )  # fmt: skip
        notes.write(
            by=staff["ines"], at=self.now - timedelta(days=9), kpi="inc-resolution-sla", audience=Audience.EVERYBODY,
            text="Half of the networks team was away at a course.", day_from=day - timedelta(days=13),
            last_day=day - timedelta(days=10), is_sample=True,
        )  # fmt: skip
