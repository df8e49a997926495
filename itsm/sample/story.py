"""Ninety days of incidents, told act by act through the operations, each at its moment."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from audit.acts import acting
from audit.models import Channel
from calendars.business_time import BusinessTime
from calendars.registry import business_time
from incidents import operations
from incidents.models import Incident
from people.models import User
from records import operations as record_operations
from records.enums import LinkKind

from .cast import Cast
from .scenes import ANSWERS, NOTES, QUESTIONS, SCENES, Scene

DAYS = 90
TICKETS = 300
HEARD = timedelta(hours=24)
SUPPLIED = "Network and VPN"
CARRIER_TAKES = (35, 50, 80, 420)
STAGES = ("desk", "assigned", "in progress", "asked", "supplier")
# Opened so long ago and left at this stage: there is work to see at whatever hour the story is told.
TODAY = (
    (timedelta(hours=3, minutes=40), "Payroll export fails", "in progress"),
    (timedelta(hours=2, minutes=30), "Scans don't arrive", "supplier"),
    (timedelta(hours=2, minutes=5), "Shared calendar shows no free times", "asked"),
    (timedelta(hours=1, minutes=50), "No network on floor 3", "in progress"),
    (timedelta(minutes=55), "Portal is slow for customers", "assigned"),
    (timedelta(minutes=35), "VPN drops every 20 minutes on home network", "desk"),
    (timedelta(minutes=12), "Mailbox full, can't send", "desk"),
    (timedelta(minutes=6), "Laptop does not wake from sleep", "new"),
)


class Story:
    """
    Tells incidents up to the present moment; whatever would come later has not happened yet.

    The same moment and seed tell the same story.
    """

    def __init__(self, cast: Cast, *, at: datetime, seed: int = 20000) -> None:
        self.cast, self.now = cast, at
        self.dice = random.Random(seed)  # noqa: S311 - a story, no secret
        self.office: BusinessTime = business_time(cast.office.pk, cast.office.version)
        self.lines_told = 0
        self.crews = {name: cast.members(team) for name, team in cast.teams.items()}
        self.by_service = {name: self._crew(team.name) for name, team in self._teams()}

    def _teams(self) -> Iterator[tuple[str, Any]]:
        for name, service in self.cast.services.items():
            yield name, service.support_team

    def _crew(self, team: str) -> list[User]:
        return self.crews[team]

    def tell(self, tickets: int = TICKETS) -> int:
        """Tell so many incidents, the older first. Returns how many were told."""
        opened = sorted(self._moments(max(tickets - len(TODAY), 0)))
        for moment in opened:
            scene = self.dice.choices(SCENES, [each.weight for each in SCENES])[0]
            self._incident(scene, moment, stage=self._stage(moment))
        by_subject = {scene.subject: scene for scene in SCENES}
        for ago, subject, stage in TODAY:
            self._incident(by_subject[subject], self.now - ago, stage=stage)
        self._family()
        return len(opened) + len(TODAY)

    def _stage(self, opened_at: datetime) -> str:
        """Where work on it stopped; empty for the many that go on to their end. Young tickets stop more often."""
        days = (self.now - opened_at) / timedelta(days=1)
        share = 0.45 if days < 4 else 0.12 if days < 14 else 0.01
        return self.dice.choice(STAGES) if self.dice.random() < share else ""

    def _moments(self, tickets: int) -> Iterator[datetime]:
        """Mostly in office hours, busier on Mondays, with a bow wave of the latest two days."""
        recent = tickets // 9
        for number in range(tickets):
            days = self.dice.uniform(0, 4) if number < recent else self.dice.uniform(4, DAYS)
            moment = self.now - timedelta(days=days)
            if self.dice.random() < 0.9 and not self.office.is_open(moment):
                moment = self.office.next_opening(moment) + timedelta(minutes=self.dice.uniform(0, 450))
            if moment < self.now - timedelta(minutes=2):
                yield moment.replace(second=0, microsecond=0)
            else:
                yield (self.now - timedelta(minutes=self.dice.uniform(3, 240))).replace(second=0, microsecond=0)

    def _later(self, moment: datetime, minutes: float) -> datetime:
        """So many working minutes later, give or take."""
        spread = self.dice.lognormvariate(0, 0.55)
        return self.office.add(moment, timedelta(minutes=round(max(minutes * spread, 1))))

    def _act(self, moment: datetime) -> Any:
        """What happened in the last day is heard by inboxes; what lies further back is quiet."""
        return acting(channel=Channel.WEB, is_quiet=self.now - moment >= HEARD)

    def _incident(self, scene: Scene, opened_at: datetime, *, stage: str) -> None:
        dice, cast = self.dice, self.cast
        service = cast.services[scene.service]
        requester = dice.choice(cast.requesters)
        desk = dice.choice(self._crew("Service desk"))
        by_portal = dice.random() < 0.3
        with self._act(opened_at):
            incident = operations.create(
                by=requester if by_portal else desk,
                at=opened_at,
                requester=requester,
                title=scene.subject,
                description=scene.description,
                service=service,
                category=cast.categories[scene.service],
                item=cast.items[scene.service][scene.item] if scene.item is not None else None,
                impact=scene.impact,
                urgency=min(3, max(1, scene.urgency + dice.choice((0, 0, 0, 1)))),
                source="portal" if by_portal else dice.choice(("phone", "phone", "mail", "chat")),
                tags=scene.tags,
                location=requester.location,
                is_sample=True,
            )
        if stage != "new":
            self._handle(incident, scene, desk, opened_at, stage)

    def _handle(self, incident: Incident, scene: Scene, desk: User, opened_at: datetime, stage: str) -> None:
        with self._act(opened_at):
            incident = operations.assign(
                incident=incident,
                by=desk,
                at=opened_at,
                team=self.cast.teams["Service desk"],
                assignee=desk if self.dice.random() < 0.5 else None,
            )
        if stage == "desk":
            return
        moment = self._later(opened_at, 25 if incident.priority > 2 else 8) if not stage else self._soon(opened_at, 4)
        if moment >= self.now:
            return
        if scene.minutes <= 45 and not stage and self.dice.random() < 0.6:
            self._first_line(incident, scene, desk, moment)
            return
        self._second_line(incident, scene, desk, moment, stage)

    def _second_line(self, incident: Incident, scene: Scene, desk: User, moment: datetime, stage: str) -> None:
        expert = self.dice.choice(self.by_service[scene.service])
        with self._act(moment):
            incident = operations.assign(
                incident=incident,
                by=desk,
                at=moment,
                team=self.cast.services[scene.service].support_team,
                assignee=expert if self.dice.random() < 0.7 else None,
            )
        if stage == "assigned":
            return
        moment = self._later(moment, scene.minutes * 0.15) if not stage else self._soon(moment, 9)
        if moment >= self.now:
            return
        incident = self._take_up(incident, expert, moment)
        if stage:
            self._leave(incident, expert, self._soon(moment, 10), stage)
            return
        if self.dice.random() < 0.28:
            incident, moment = self._wait_for_requester(incident, expert, moment, scene)
        if moment < self.now and self.dice.random() < 0.1:
            incident, moment = self._bounce(incident, expert, moment)
        if moment < self.now and scene.service == SUPPLIED:
            incident, moment = self._ask_supplier(incident, expert, moment)
        if moment < self.now:
            minutes = scene.minutes * self.dice.choice((0.8, 0.8, 1.2, 2.6))
            self._end(incident, scene, expert, self._later(moment, minutes))

    def _take_up(self, incident: Incident, expert: User, moment: datetime) -> Incident:
        """The expert begins, says so to the requester, and perhaps notes a first thought."""
        with self._act(moment):
            begin = operations.start if incident.assignee_id == expert.pk else operations.take
            incident = begin(incident=incident, by=expert, at=moment)
            hello = f"Hello {incident.requester.get_short_name()}, I am looking at it now."
            record_operations.reply(record=incident, by=expert, at=moment, text=hello)
            if self.dice.random() < 0.5:
                record_operations.add_note(record=incident, by=expert, at=moment, text=self.dice.choice(NOTES))
        return incident

    def _soon(self, moment: datetime, minutes: float) -> datetime:
        """So many minutes of the clock on the wall later: somebody was there, whatever the hour."""
        return moment + timedelta(minutes=minutes)

    def _leave(self, incident: Incident, expert: User, moment: datetime, stage: str) -> None:
        """Leave it waiting for the requester's answer or for the supplier, or simply in progress."""
        if moment >= self.now or stage == "in progress":
            return
        with self._act(moment):
            if stage == "asked":
                question = self.dice.choice(QUESTIONS)
                operations.hold(incident=incident, by=expert, at=moment, hold_for="requester", question=question)
            else:
                reference = f"CASE-{self.dice.randrange(10_000, 99_999)}"
                operations.hold(
                    incident=incident, by=expert, at=moment, hold_for="supplier", supplier_reference=reference
                )

    def _first_line(self, incident: Incident, scene: Scene, desk: User, moment: datetime) -> None:
        with self._act(moment):
            taken = operations.take(incident=incident, by=desk, at=moment)
        self._end(taken, scene, desk, self._later(moment, scene.minutes))

    def _wait_for_requester(
        self, incident: Incident, expert: User, moment: datetime, scene: Scene
    ) -> tuple[Incident, datetime]:
        """Ask, and go on when the answer comes; the moment returned may lie ahead of the present one."""
        asked_at = self._later(moment, scene.minutes * 0.2)
        if asked_at >= self.now:
            return incident, asked_at
        with self._act(asked_at):
            incident = operations.hold(
                incident=incident, by=expert, at=asked_at, hold_for="requester", question=self.dice.choice(QUESTIONS)
            )
        answered_at = self._later(asked_at, 200)
        if answered_at >= self.now:
            return incident, answered_at
        with self._act(answered_at):
            record_operations.reply(
                record=incident, by=incident.requester, at=answered_at, text=self.dice.choice(ANSWERS)
            )
        return Incident.objects.get(pk=incident.pk), answered_at

    def _ask_supplier(self, incident: Incident, expert: User, moment: datetime) -> tuple[Incident, datetime]:
        """Hand every third ticket about the lines to the carrier, who gives it back soon, or late."""
        self.lines_told += 1
        if self.lines_told % 3:
            return incident, moment
        with self._act(moment):
            incident = operations.hold(
                incident=incident, by=expert, at=moment, hold_for="supplier",
                supplier_reference=f"NC-{4_100 + self.lines_told}",
            )  # fmt: skip
        back_at = self._soon(moment, CARRIER_TAKES[self.lines_told // 3 % len(CARRIER_TAKES)])
        if back_at < self.now:
            with self._act(back_at):
                incident = operations.resume(incident=incident, by=expert, at=back_at)
        return incident, back_at

    def _bounce(self, incident: Incident, expert: User, moment: datetime) -> tuple[Incident, datetime]:
        moment = self._later(moment, 60)
        if moment >= self.now:
            return incident, moment
        other = self.dice.choice([team for team in self.cast.teams.values() if team.pk != incident.team_id])
        with self._act(moment):
            incident = operations.assign(incident=incident, by=expert, at=moment, team=other)
        back_at = self._later(moment, 40)
        if back_at >= self.now:
            return incident, back_at
        with self._act(back_at):
            home = incident.service.support_team if incident.service else other
            incident = operations.assign(
                incident=incident, by=self.dice.choice(self._crew(other.name)), at=back_at, team=home
            )
            incident = operations.take(incident=incident, by=self.dice.choice(self._crew(home.name)), at=back_at)
        return incident, back_at

    def _end(self, incident: Incident, scene: Scene, expert: User, moment: datetime) -> None:
        if moment >= self.now:
            return
        with self._act(moment):
            resolved = operations.resolve(
                incident=incident, by=expert, at=moment, code=scene.code, text=f"{scene.cause} {scene.fix}"
            )
            record_operations.reply(record=resolved, by=expert, at=moment, text=scene.fix)
        resolved = Incident.objects.get(pk=resolved.pk)
        if self.dice.random() < 0.06:
            again_at = self._later(moment, 240)
            if again_at < min(self.now, moment + timedelta(days=6)):
                with self._act(again_at):
                    resolved = operations.reopen(
                        incident=resolved, by=resolved.requester, at=again_at, reason="It is back."
                    )
                self._end(resolved, scene, expert, self._later(again_at, scene.minutes))
            return
        if self.dice.random() < 0.35:
            closed_at = self._later(moment, 300)
            if closed_at < self.now:
                with self._act(closed_at):
                    operations.close(incident=resolved, by=resolved.requester, at=closed_at)

    def _family(self) -> None:
        """Two reports of the same trouble hang on the first one."""
        same = list(Incident.objects.open().filter(title=SCENES[0].subject, is_sample=True).order_by("-id")[:3])
        for child in same[:-1]:
            moment = max(child.updated_at, same[-1].updated_at)
            with self._act(moment):
                record_operations.link(
                    record=child, to=same[-1], kind=LinkKind.CHILD_OF, by=self.cast.staff["luca"], at=moment
                )
