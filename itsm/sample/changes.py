"""Eight changes of the sample, one in each place of the way, two of which want the same service in the same night."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from approvals import operations as approvals
from approvals import queries as approval_queries
from approvals.models import Board
from approvals.operations.boards import Member
from audit.acts import acting
from audit.models import Channel
from changes import operations
from changes.defaults import ensure_policies, ensure_questions
from changes.enums import Repeats, WindowKind
from changes.models import Change, ChangeModel, RiskFactor
from changes.queries.facts import AUTHORIZE

from .board import Minutes
from .cast import Cast

HOUR = timedelta(hours=1)
PLANS = {
    "implementation_plan": "1. Take the node out of the pool\n2. Install\n3. Test twenty sessions\n4. Put it back",
    "test_plan": "Twenty sessions for an hour on the node that was changed.",
    "test_evidence": "Done on the test system; the protocol is attached to the release.",
    "back_out_plan": "Start the previous image again: ten minutes. It stays on the disk for a week.",
    "back_out_trigger": "More than one session in twenty drops.",
    "communication_plan": "Mail to the sites two days before, banner in the portal on the day.",
}
STEPS = ("Take the node out of the pool", "Install", "Test twenty sessions", "Put the node back")


class Planner:
    """Tells what was changed, up to the present moment. Tell the incidents first."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at
        self.staff = cast.staff

    def tell(self) -> int:
        """Returns how many changes were told."""
        ensure_questions()
        ensure_policies(at=self.now)
        with acting(channel=Channel.WEB, is_quiet=True):
            self._seat_the_board()
            model = self._model()
            self._restarted(model)
            self._restart_ahead(model)
            self._went_well()
            self._emergency()
            upgrade = self._asks_the_board()
            minutes = Minutes(self.cast, at=self.now)
            minutes.met(upgrade)
            self._backed_out(upgrade)
            self._waits_for_a_vote()
            self._scheduled()
            self._collides()
            minutes.meets_again()
            self._plan_calendar()
        return Change.objects.filter(is_sample=True).count()

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _about(self, person: str, days: float) -> dict[str, Any]:
        return {"by": self.staff[person], "at": self._ago(days)}

    def _night(self, days: float) -> datetime:
        """Ten in the evening, `days` from now, UTC."""
        return (self.now + timedelta(days=days)).replace(hour=22, minute=0, second=0, microsecond=0)

    def _seat_the_board(self) -> None:
        board = Board.objects.filter(slug="cab").first()
        if board is None or board.members.exists():
            return
        members = [Member(self.staff[name], is_chair=name == "ines") for name in ("ines", "aisha", "ben", "luca")]
        approvals.revise_board(board=board, by=None, at=self._ago(80), name=board.name, members=members)

    def _model(self) -> ChangeModel:
        model = operations.propose_model(
            **self._about("ines", 70), name="Restart of a VPN gateway", owner=self.staff["aisha"], is_sample=True,
            description="When a gateway keeps dead sessions. Ten minutes, one gateway at a time.",
            services=[self.cast.services["Network and VPN"]], team=self.cast.teams["Networks"], longest_minutes=120,
            implementation_plan="Drain the gateway, restart it, test five sessions, put it back.",
            back_out_plan="Leave the other gateway alone with the load.",
            steps=["Drain", "Restart", "Test", "Put back"],
        )  # fmt: skip
        ends = (self.now + timedelta(days=295)).date()
        return operations.approve_model(model=model, **self._about("ines", 69), expires_date=ends)

    def _write(
        self, title: str, service: str, *, by: str, days: float, start: datetime, hours: float = 2,
        items: slice = slice(1), points: int = 1, **said: Any,
    ) -> Change:  # fmt: skip
        """:param by: who asks for it, `days` ago. :param start: of the window. :param points: of every risk answer."""
        values: dict[str, Any] = {
            "title": title, "services": [self.cast.services[service]], "items": self.cast.items[service][items],
            "is_sample": True, **({} if "model" in said else PLANS), **said,
        }  # fmt: skip
        about = self._about(by, days)
        change = operations.create(**about, **values)
        change = operations.plan_window(
            change=change, **about, planned_from=start, planned_to=start + timedelta(hours=hours)
        )
        if "model" in said:
            return change
        for step in STEPS:
            operations.add_step(change=change, **about, title=step)
        keys = RiskFactor.objects.filter(is_active=True).values_list("key", flat=True)
        return operations.answer_risk(change=change, **about, answers=dict.fromkeys(keys, points))

    def _ask(self, change: Change, person: str, days: float) -> Change:
        change = operations.submit(change=change, **self._about(person, days))
        return operations.assess(change=change, **self._about("ines", days - 0.2))

    def _vote(self, change: Change, days: float) -> Change:
        approval = approval_queries.open_one(change, AUTHORIZE)
        if approval is not None:
            approvals.vote(approval=approval, **self._about("ines", days), choice="approve", reason="")
        return Change.objects.get(pk=change.pk)

    def _run(self, change: Change, person: str, outcome: str, *, reason: str = "", done: int = 4) -> Change:
        start = change.planned_from or self.now
        implementer = self.staff[person]
        change = operations.begin(
            change=change, by=implementer, at=start + HOUR / 12, notice_was_sent=True, reason=reason
        )
        for index, step in enumerate(change.steps.select_related("change").order_by("position")[:done]):
            at = start + HOUR / 6 * (index + 1)
            operations.start_step(step=step, by=implementer, at=at)
            operations.end_step(step=step, by=implementer, at=at + HOUR / 12, state="done")
        at = start + HOUR
        if outcome == "backed_out":
            return operations.back_out(change=change, by=implementer, at=at, reason="Orders were not saved.")
        return operations.finish(change=change, by=implementer, at=at, outcome=outcome)

    def _close(self, change: Change, days: float, review: str) -> Change:
        return operations.close(
            change=change, **self._about("ines", days), review=review, incidents_are_linked=True, items_are_updated=True
        )

    def _restarted(self, model: ChangeModel) -> None:
        change = self._write(
            "Restart vpn-gw-1", "Network and VPN", by="aisha", days=21, start=self._night(-20), hours=1,
            model=model, assignee=self.staff["jonas"], rationale="Dead sessions fill its memory.",
        )  # fmt: skip
        change = operations.submit(change=change, **self._about("aisha", 20.9))
        self._run(change, "jonas", "successful")

    def _restart_ahead(self, model: ChangeModel) -> None:
        change = self._write(
            "Restart vpn-gw-1", "Network and VPN", by="aisha", days=1, start=self._night(5), hours=1,
            model=model, assignee=self.staff["jonas"], rationale="Dead sessions fill its memory.",
        )  # fmt: skip
        operations.submit(change=change, **self._about("aisha", 0.9))

    def _went_well(self) -> None:
        change = self._write(
            "Move mailboxes to the new storage", "E-mail and calendar", by="luca", days=18, start=self._night(-12),
            hours=3,
            assignee=self.staff["sofia"], rationale="The old storage is out of support in May.",
        )  # fmt: skip
        change = self._run(self._vote(self._ask(change, "luca", 17), 16), "sofia", "successful")
        self._close(change, 10, "All mailboxes moved in one night; two people had to restart their client.")

    def _asks_the_board(self) -> Change:
        """A change of high risk: first the board, then the change manager."""
        change = self._write(
            "Portal database 15 to 16", "Customer portal", by="priya", days=12, start=self._night(-6), hours=3,
            items=slice(1, 2), points=2, assignee=self.staff["sofia"],
            rationale="Version 15 gets no security fixes after this year.",
        )  # fmt: skip
        return self._ask(change, "priya", 11.5)

    def _backed_out(self, change: Change) -> None:
        self._run(self._vote(change, 9), "sofia", "backed_out", done=2)

    def _emergency(self) -> None:
        change = self._write(
            "Free the print spool of SAP", "Finance (SAP)", by="priya", days=30, start=self._ago(29.9), hours=2,
            type="emergency", items=slice(1, 2), assignee=self.staff["ben"], rationale="Payslips wait in the queue.",
            harm="Payroll runs at six; without the spool nobody is paid on time.",
        )  # fmt: skip
        change = operations.submit(change=change, **self._about("priya", 29.98))
        change = operations.authorize(change=change, **self._about("ines", 29.95))
        change = self._vote(self._run(change, "ben", "successful"), 29.5)
        self._close(change, 28, "It held. The spool is watched now, so that it does not fill up unseen.")

    def _waits_for_a_vote(self) -> None:
        change = self._write(
            "SAP kernel patch 910", "Finance (SAP)", by="priya", days=2, start=self._night(9), hours=3,
            points=2, assignee=self.staff["sofia"], rationale="The month end crashed twice in this module.",
        )  # fmt: skip
        self._ask(change, "priya", 1.5)

    def _scheduled(self) -> None:
        change = self._write(
            "Firmware 5.3 on gateway 2", "Network and VPN", by="aisha", days=7, start=self._night(3), hours=2,
            items=slice(1, 2), assignee=self.staff["jonas"],
            rationale="Firmware 5.2 keeps sessions of sleeping laptops until the memory is full.",
        )  # fmt: skip
        self._vote(self._ask(change, "aisha", 6), 5)

    def _collides(self) -> None:
        change = self._write(
            "New line card in the core switch", "Network and VPN", by="jonas", days=3, start=self._night(3) + HOUR,
            hours=3,
            items=slice(2, 3), assignee=self.staff["aisha"], rationale="The third floor has no ports left.",
        )  # fmt: skip
        operations.submit(change=change, **self._about("jonas", 2.5))

    def _plan_calendar(self) -> None:
        """A freeze at every end of a month for finance, and the hours on Sundays in which the network is worked on."""
        zone = ZoneInfo(self.cast.office.zone)
        day = self._ago(60).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        month_end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        sunday = day + timedelta(days=6 - day.weekday())
        operations.save_window(
            **self._about("ines", 60), kind=WindowKind.FREEZE, name="Month-end close", zone=zone.key, is_sample=True,
            starts_at=month_end.replace(hour=6), ends_at=(month_end + timedelta(days=1)).replace(hour=18),
            repeats=Repeats.MONTH_END, services=[self.cast.services["Finance (SAP)"]],
        )  # fmt: skip
        operations.save_window(
            **self._about("ines", 60), kind=WindowKind.MAINTENANCE, name="Sunday network hours", zone=zone.key,
            is_sample=True, starts_at=sunday.replace(hour=20), ends_at=sunday.replace(hour=23),
            repeats=Repeats.WEEKLY, services=[self.cast.services["Network and VPN"]],
        )  # fmt: skip
