"""
What the page of a service shows, put together from a bounded number of statements.

Each count is the length of the list that it opens: it is counted by the query of that list.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import capfirst

from changes.models import Change
from improvement.models import Improvement
from measurement import declarations, filters, queries
from measurement.models import Grain
from people.access import can
from problems.models import KnownError
from records import practices
from records.models import Record
from records.query import Clock, QueryProblem, Scene, compile_query, parse
from records.query.ast import render_text
from services.models import Service
from slm.availability.queries import Side, outages_of, side_of
from slm.availability.standing import DAY, Board, open_outages
from slm.dashboard import standing as queue_standing
from slm.dashboard.numbers import Numbers
from slm.models import Agreement

from .health import Health, health_of
from .money import Money, money_of
from .risks import Risk, risks_of

SHOWN = 8
LOOKS_AHEAD = timedelta(days=45)
OPERATION = "sla.view"
BACKLOG, CAUSED, REOPENED = "inc-backlog", "chg-incidents-caused", "inc-reopen"


@dataclass
class ServicePage:
    """One service for one person, now."""

    service: Service
    viewer: Any
    at: datetime

    @cached_property
    def side(self) -> Side:
        return side_of(self.viewer)

    @property
    def may_see_outages(self) -> bool:
        return self.side.is_inside

    def _queue(self, query: str) -> str:
        return f"{reverse('records:queue')}?{urlencode({'q': f'{query} service:{render_text(self.service.slug)}'})}"

    @cached_property
    def _open(self) -> dict[str, Any]:
        """Open work by kind, with what is at risk, past its target, or unassigned: one statement."""
        scene = Scene(self.viewer, Clock(at=self.at, zone=self.viewer.zone))

        def asked(query: str) -> Q:
            return compile_query(parse(query), scene).where

        try:
            about = asked(f"service:{render_text(self.service.slug)}")
        except QueryProblem:
            return {}  # the queue knows no such service for this person
        rows = Record.objects.visible_to(self.viewer).open().filter(about)
        counts = rows.order_by().values("kind").annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=asked(queue_standing.QUERIES[queue_standing.BREACHED])),
            at_risk=Count("pk", filter=asked(queue_standing.QUERIES[queue_standing.AT_RISK])),
            unassigned=Count("pk", filter=asked("is:unassigned")),
        )  # fmt: skip
        return {row["kind"]: row for row in counts}

    @cached_property
    def work(self) -> list[dict[str, Any]]:
        """A row for each kind with open work, in the order of the practices."""
        found = []
        for practice in practices.all_practices():
            counts = self._open.get(practice.kind)
            if counts is None:
                continue
            of_kind = f"is:open kind:{practice.kind}"
            found.append(
                {
                    "label": capfirst(str(practice.label_plural)),
                    "open": (counts["open"], self._queue(of_kind)),
                    "overdue": (counts["overdue"], self._queue(f"{of_kind} is:overdue")),
                    "at_risk": (counts["at_risk"], self._queue(f"{of_kind} is:at-risk")),
                    "unassigned": (counts["unassigned"], self._queue(f"{of_kind} is:unassigned")),
                }
            )
        return found

    def _total(self, name: str) -> int:
        return sum(counts[name] for counts in self._open.values())

    @property
    def open_total(self) -> tuple[int, str]:
        return self._total("open"), self._queue("is:open")

    def open_of(self, kind: str) -> tuple[int, str]:
        """Open records of one kind."""
        return self._open.get(kind, {}).get("open", 0), self._queue(f"is:open kind:{kind}")

    @property
    def overdue_total(self) -> tuple[int, str]:
        return self._total("overdue"), self._queue(queue_standing.QUERIES[queue_standing.BREACHED])

    @cached_property
    def board(self) -> Board:
        return Board([self.service], at=self.at, organization_id=self.side.organization_id)

    @cached_property
    def standing(self) -> Any:
        return self.board.standing(self.service)

    @cached_property
    def year(self) -> list[Any]:
        """The twelve months up to this one."""
        return self.board.year(self.service)

    @cached_property
    def burn(self) -> Any:
        """How fast the error budget went in the latest day."""
        return self.board.window(self.service, DAY)

    @cached_property
    def outage(self) -> Any:
        """The one that goes on."""
        return open_outages([self.service], at=self.at).get(self.service.pk)

    @cached_property
    def outages(self) -> list[Any]:
        """Of this month, the latest first."""
        return list(outages_of(self.side, self.service, self.board.month, at=self.at)[:SHOWN])

    @cached_property
    def health(self) -> Health:
        return health_of(
            outage=self.outage, standing=self.standing, is_fast=self.burn.is_fast, overdue=self._total("overdue")
        )

    @cached_property
    def numbers(self) -> Numbers:
        """Attainment of the latest 30 days, of this service alone."""
        data = filters.SAMPLE if self.service.is_sample else filters.REAL
        asked = filters.read({"service": self.service.slug, "data": data}, self.viewer, at=self.at, operation=OPERATION)
        return Numbers(asked, self.at)

    @cached_property
    def series(self) -> dict[str, queries.Series]:
        """Week by week over the weeks of the trend: three statements."""
        kpis = [declarations.kpi(name) for name in (BACKLOG, CAUSED, REOPENED)]
        found = queries.series_of(kpis, self.numbers.trend_span, self.numbers.asked.scope, grain=Grain.WEEK)
        return {name: of_all[0] for name, of_all in found.items()}

    def records_url(self, kpi: str, *, part: str) -> str:
        """What was counted in the weeks of the trend."""
        query = self.numbers.asked.query_of_days(self.numbers.trend_span, part=part)
        return f"{reverse('measurement:records', args=[kpi])}?{query}"

    @property
    def attained_url(self) -> str:
        return f"{reverse('sla:dashboard')}?{self.numbers.asked.query()}"

    @property
    def misses_url(self) -> str:
        return f"{reverse('sla:breaches')}?{self.numbers.asked.query()}"

    @cached_property
    def _agreements(self) -> list[Agreement]:
        """Those in force for this service in particular, then those for every service."""
        if not can(self.viewer, "agreement.view"):
            return []
        rows = (
            Agreement.objects.in_force()
            .with_customers()
            .filter(Q(service=self.service) | Q(service=None))
            .select_related("organization")
        )
        return sorted(rows, key=lambda each: (each.service_id is None, each.organization_id is None, each.name))

    @property
    def own_agreements(self) -> list[Agreement]:
        return [each for each in self._agreements if each.service_id is not None]

    @property
    def agreements(self) -> list[Agreement]:
        """Those for this service, and, where there are none, those for every service."""
        return (self.own_agreements or self._agreements)[:SHOWN]

    @cached_property
    def money(self) -> Money:
        return money_of(self.own_agreements, self.viewer, today=self.numbers.asked.today)

    @cached_property
    def risks(self) -> list[Risk]:
        return risks_of(self.service, self.viewer, self.own_agreements, at=self.at)

    @cached_property
    def changes(self) -> list[Change]:
        """Booked for the coming weeks, or under way, the earliest first; one more than is shown."""
        further = Change.services.through.objects.filter(service=self.service).values("change")
        rows = Change.objects.visible_to(self.viewer).booked().in_period(self.at, self.at + LOOKS_AHEAD)
        rows = rows.filter(Q(service=self.service) | Q(pk__in=further))
        return list(rows.order_by("planned_from", "pk")[: SHOWN + 1])

    @property
    def calendar_url(self) -> str:
        return f"{reverse('change_calendar:calendar')}?{urlencode({'service': self.service.slug})}"

    @cached_property
    def known_errors(self) -> list[KnownError]:
        """Published ones about the service, or of a problem of it, the latest first; one more than is shown."""
        about = KnownError.services.through.objects.filter(service=self.service).values("knownerror")
        rows = KnownError.objects.published().visible_to(self.viewer)
        rows = rows.filter(Q(problem__service=self.service) | Q(pk__in=about))
        return list(rows.select_related("problem").order_by("-published_at", "-pk")[: SHOWN + 1])

    @cached_property
    def improvements(self) -> list[Improvement]:
        """What is not done yet to make it better, the latest first; one more than is shown."""
        rows = Improvement.objects.visible_to(self.viewer).open().filter(service=self.service)
        return list(rows.order_by("-pk")[: SHOWN + 1])

    @property
    def improvements_url(self) -> str:
        return self._queue("is:open kind:improvement")
