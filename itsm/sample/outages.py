"""A year of outages of the sample: failures, degraded days, planned work, one that goes on, and one to decide about."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from audit.acts import acting
from audit.models import Channel
from incidents.models import Incident
from slm.availability import days, operations
from slm.availability.models import Outage

from .cast import Cast

NETWORK, MAIL, FINANCE, PORTAL = "Network and VPN", "E-mail and calendar", "Finance (SAP)", "Customer portal"
PRINTING = "Printing"
SLOW = "Portal is slow for customers"
# service, days ago, minutes down, percent lost, people, cause
FAILURES = (
    (NETWORK, 331, 26, 100, 900, "Core switch A restarted after a fault of its power supply"),
    (NETWORK, 268, 95, 50, 300, "One of two VPN gateways was down; the other carried half of the sessions"),
    (NETWORK, 190, 38, 100, 900, "Fiber cut by road works; the backup line took over late"),
    (NETWORK, 88, 41, 100, 250, "Firmware 5.2 installed on gateway 2 filled its memory"),
    (NETWORK, 33, 74, 50, 250, "Gateway 2 ran out of memory again"),
    (NETWORK, 9, 22, 100, 250, "Gateway 2 ran out of memory again"),
    (MAIL, 301, 180, 100, 900, "Mail store full"),
    (MAIL, 142, 64, 100, 900, "Certificate of the mail cluster had expired"),
    (MAIL, 17, 240, 20, 180, "Calendar answers came minutes late"),
    (FINANCE, 205, 310, 100, 120, "Database index broken after a power dip"),
    (FINANCE, 61, 45, 100, 120, "Application server 2 hung during payroll"),
    (PORTAL, 246, 130, 100, 400, "Load balancer lost its configuration"),
    (PORTAL, 118, 55, 100, 400, "Orders were refused while the cache restarted"),
    (PORTAL, 12, 88, 40, 260, "One web server answered with errors"),
    (PRINTING, 75, 390, 100, 60, "Print server disk failed"),
)
# service, every so many days, first days ago, minutes
PLANNED = ((MAIL, 56, 340, 120), (FINANCE, 91, 350, 180))


class Logbook:
    """Tells the outages up to the present moment. Tell the incidents first."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at.replace(second=0, microsecond=0)

    def tell(self) -> int:
        """Returns how many outages were told."""
        with acting(channel=Channel.WEB, is_quiet=True):
            for service, ago, minutes, lost, users, cause in FAILURES:
                start = self._morning(ago)
                self._record(
                    service, start, start + timedelta(minutes=minutes), cause, weight=Decimal(lost) / 100,
                    users_affected=users,
                )  # fmt: skip
            self._planned()
            self._corrected()
            self._going_on()
            self._proposed()
            days.count_all(at=self.now)
        return Outage.objects.filter(is_sample=True).count()

    def _morning(self, ago: float, hour: int = 9) -> datetime:
        return (self.now - timedelta(days=ago)).replace(hour=hour, minute=12)

    def _record(self, service: str, start: datetime, end: datetime | None, cause: str, **said: Any) -> Outage:
        return operations.record(
            by=self.cast.staff["tom"],
            at=min(max(end or start, start) + timedelta(hours=1), self.now),
            service=self.cast.services[service],
            started_at=start,
            ended_at=end,
            cause=cause,
            **said,
        )

    def _planned(self) -> None:
        for service, every, first, minutes in PLANNED:
            ago = first
            while ago > 1:
                start = self._morning(ago, hour=2)
                end = start + timedelta(minutes=minutes)
                self._record(service, start, end, "Updates, announced a week before", is_planned=True)
                ago -= every
        ahead = (self.now + timedelta(days=6)).replace(hour=2, minute=0)
        self._record(
            NETWORK, ahead, ahead + timedelta(minutes=15), "Firmware 5.3 for gateway 2, announced", is_planned=True
        )

    def _corrected(self) -> None:
        """What monitoring saw earlier than the first call, and an outage that was none."""
        known = Outage.objects.get(is_sample=True, cause=FAILURES[5][5], started_at=self._morning(9))
        operations.correct(
            outage=known, by=self.cast.staff["luca"], at=self.now - timedelta(days=8),
            values={"started_at": known.started_at - timedelta(minutes=4)},
            reason="Monitoring lost the gateway four minutes before the first call",
        )  # fmt: skip
        start = self._morning(25)
        drill = self._record(PRINTING, start, start + timedelta(minutes=30), "Print server did not answer")
        operations.withdraw(
            outage=drill, by=self.cast.staff["luca"], at=start + timedelta(hours=3),
            reason="The monitoring had asked the wrong server; people printed all the time",
        )  # fmt: skip

    def _going_on(self) -> None:
        """The portal is slow right now: a third of it is lost until its ticket is resolved."""
        ticket = Incident.objects.filter(title=SLOW, is_sample=True, resolved_at=None).order_by("-opened_at").first()
        if ticket is not None and ticket.service is not None:
            self._record(
                ticket.service.name, ticket.opened_at, None, "Searches time out", weight=Decimal("0.3"),
                users_affected=140, record=ticket,
            )  # fmt: skip

    def _proposed(self) -> None:
        """A critical ticket of late that nobody has judged yet."""
        tickets = Incident.objects.filter(
            is_sample=True, priority__lte=2, outages=None, service__name__in=[MAIL, FINANCE]
        )
        ticket = tickets.exclude(state="cancelled").order_by("-opened_at").first()
        if ticket is None:
            return
        proposed = operations.propose(
            record=ticket, started_at=ticket.opened_at, users_affected=None, at=min(ticket.opened_at, self.now)
        )
        if ticket.resolved_at is not None and ticket.resolved_at > proposed.started_at:
            operations.end(outage=proposed, by=None, at=ticket.resolved_at, ended_at=ticket.resolved_at)
