"""The register of the sample: suggestions, an improvement at each of the seven steps, and two that are finished."""

from datetime import date, datetime, timedelta
from typing import Any

from audit.acts import acting
from audit.models import Channel
from changes.models import Change
from common.refusals import Refused
from improvement import operations
from improvement.defaults import ensure_scales
from improvement.enums import Word
from improvement.models import Goal, Improvement, Measure
from incidents.models import Incident
from measurement.periods import today
from problems.models import Problem
from records import operations as record_operations
from records.enums import LinkKind

from .cast import Cast

MEASURED = "inc-mean-time-acknowledge"
GOALS = (
    ("People work without disturbance", "What we run is there when needed; what breaks is soon back.", "ines"),
    ("People are heard at once", "Whoever calls or writes gets an answer by somebody who can help.", "luca"),
)  # fmt: skip
# Title, service, goal, owner, value with effort and risk; then the step at which it stands.
Idea = tuple[str, str, int, str, tuple[int, int, int]]
UNDER_WAY: tuple[tuple[Idea, int], ...] = (
    (("Screen prints of floor 3 go to the printer that works", "Printing", 0, "tom", (2, 1, 1)), 1),
    (("Fewer mailboxes that run full", "E-mail and calendar", 0, "jonas", (3, 2, 1)), 2),
    (("Payroll export tested before each month's end", "Finance (SAP)", 0, "priya", (4, 3, 2)), 3),
    (("Sessions of the VPN outlive a change of network", "Network and VPN", 0, "aisha", (5, 4, 3)), 4),
    (("Laptops wake up: one driver for the whole fleet", "Workplace", 0, "ben", (4, 3, 2)), 5),
    (("Portal orders carry a number of their own", "Customer portal", 1, "mei", (4, 2, 2)), 6),
    (("A page of answers for shared calendars", "E-mail and calendar", 1, "luca", (3, 1, 1)), 7),
)
ANSWERS: dict[int, dict[str, str]] = {
    1: {"vision": "People get on with their work without waiting for us.", "stakeholders": "The sites, the desk."},
    2: {"findings": "Most of it is known to the desk, but nobody counted it."},
    3: {"gap": "One cause makes up most of it."},
    4: {"plan": "Try it with one site for two weeks, then everywhere.", "go_ahead": "Ines, no cost beyond our time."},
    5: {"done": "Done at the first site, then everywhere; the hints of the first site are in."},
    6: {"statement": "The desk feels it every morning. We keep it."},
    7: {"kept_by": "The standard of the desk says so.", "lessons": "Measure first; counting settled the argument."},
}  # fmt: skip


class Gardener:
    """Tells what is being improved, up to the present moment. Tell the incidents, problems and changes first."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now, self.staff = cast, at, cast.staff
        self.goals: list[Goal] = []

    def tell(self) -> int:
        """Returns how many improvements were told."""
        ensure_scales()
        with acting(channel=Channel.WEB, is_quiet=True):
            for title, text, owner in GOALS:
                about = self._about("ines", 85)
                person = self.staff[owner]
                self.goals.append(
                    operations.create_goal(**about, title=title, description=text, owner=person, is_sample=True)
                )
            self._suggestions()
            for idea, step in UNDER_WAY:
                self._under_way(idea, step)
            self._answered_sooner()
            self._kept()
        return Improvement.objects.filter(is_sample=True).count()

    def _about(self, person: str, days: float) -> dict[str, Any]:
        return {"by": self.staff[person], "at": self.now - timedelta(days=days)}

    def _day(self, days: int) -> date:
        return today(self.now - timedelta(days=days))

    def _suggestions(self) -> None:
        maria, others = self.cast.requesters[0], self.cast.requesters[1:4]
        at = self.now - timedelta(days=6)
        shown = operations.suggest(
            by=maria, at=at, title="Tell us in the portal when the VPN is being worked on", is_sample=True,
            description="We call because we can't see that you know already.",
            service=self.cast.services["Network and VPN"],
        )  # fmt: skip
        shown = operations.share(improvement=shown, **self._about("ines", 5))
        for person in others:
            if person.organization_id == maria.organization_id:
                operations.vote(improvement=shown, by=person, at=self.now - timedelta(days=4))
        operations.vote(improvement=shown, **self._about("tom", 3))
        incident = Incident.objects.filter(is_sample=True, organization=maria.organization_id).order_by("pk").first()
        operations.create(
            **self._about("tom", 2), title="Ask for the room when a screen stays black", is_sample=True,
            raised_from=incident, description="We ask for it in the second call, every time.",
        )  # fmt: skip
        declined = operations.suggest(
            by=maria, at=at, title="A private number for our department", is_sample=True,
            description="So that we need not wait in the queue.",
        )  # fmt: skip
        operations.decline(
            improvement=declined, **self._about("luca", 4),
            reply="We answer calls in their order, whoever calls. What helps everybody: we answer sooner.",
        )  # fmt: skip

    def _start(self, idea: Idea, days: float, **said: Any) -> Improvement:
        title, service, goal, owner, score = idea
        improvement = operations.create(
            **self._about(owner, days), title=title, service=self.cast.services[service], goal=self.goals[goal],
            owner=self.staff[owner], is_sample=True, **said,
        )  # fmt: skip
        improvement = operations.accept(
            improvement=improvement, **self._about("luca", days - 1), reply="Good. Bring a figure, then we begin."
        )
        value, effort, risk = score
        improvement = operations.score(
            improvement=improvement, **self._about(owner, days - 1), value=value, effort=effort, risk=risk
        )
        return operations.activate(improvement=improvement, **self._about("luca", days - 1.5))

    def _answer(self, improvement: Improvement, step: int, person: str, days: float) -> None:
        operations.answer(improvement=improvement, **self._about(person, days), step=step, texts=ANSWERS[step])

    def _on(self, improvement: Improvement, step: int, person: str, days: float, reason: str = "") -> Improvement:
        return operations.go_to(improvement=improvement, **self._about(person, days), step=step, reason=reason)

    def _under_way(self, idea: Idea, step: int) -> None:
        """At its step, with what the steps before ask; one of them went back once."""
        _title, service, _goal, owner, _score = idea
        problem = Problem.objects.filter(is_sample=True, service=self.cast.services[service]).order_by("pk").first()
        improvement = self._start(idea, 40, raised_from=problem)
        measure: Measure | None = None
        for number in range(1, step):
            days = 36 - 4 * number
            self._answer(improvement, number, owner, days)
            if number == 2:
                measure = operations.observe(
                    improvement=improvement,
                    **self._about(owner, days),
                    text="The desk hears of it every other day.",
                )
            elif number == 3 and measure is not None:
                operations.expect(
                    measure=measure, **self._about(owner, days), text="The desk hears of it once a month.",
                    target_date=self._day(-60),
                )  # fmt: skip
            elif number == 4:
                self._weigh(improvement, owner, days)
            elif number == 5:
                improvement = operations.take_effect(
                    improvement=improvement, **self._about(owner, days), acted_on=self._day(int(days))
                )
            elif number == 6 and measure is not None:
                operations.judge(
                    measure=measure, **self._about("luca", days), word=Word.REACHED, note="Once in four weeks."
                )
            improvement = self._on(improvement, number + 1, owner, days)
        if step == 4:
            improvement = self._on(improvement, 2, owner, 6, "The sites count it in another way than we do.")
            improvement = self._on(improvement, 4, owner, 5, "Counted anew; the target is set with them next week.")
        change = Change.objects.filter(is_sample=True, services=self.cast.services[service]).order_by("pk").first()
        if step == 5 and change is not None:
            record_operations.link(record=improvement, to=change, kind=LinkKind.FIXED_BY, **self._about(owner, 3))

    def _weigh(self, improvement: Improvement, owner: str, days: float) -> None:
        for text, levels in (("Try it with one site first", (4, 2, 1)), ("Everywhere in one go", (4, 3, 4))):
            value, effort, risk = levels
            made = operations.add_option(
                improvement=improvement, **self._about(owner, days), text=text, value=value, effort=effort, risk=risk
            )
            if risk == 1:
                operations.choose_option(option=made, **self._about(owner, days))

    def _answered_sooner(self) -> None:
        """The one with a computed verdict: whatever the rows of the sample say."""
        title = "Answer calls sooner: two people at the phone before ten"
        improvement = self._start((title, "Workplace", 1, "luca", (5, 3, 2)), 50, kpi=MEASURED)
        said = self._about("ines", 47)
        try:
            measure = operations.pin(
                improvement=improvement, **said, kpi=MEASURED, baseline_from=self._day(88), baseline_to=self._day(47)
            )
            aim = round(measure.baseline["value"] * 0.6, 1)
            measure = operations.set_target(measure=measure, **said, target=aim, target_date=self._day(-30))
        except Refused:
            # A workspace with few tickets has too little to measure; the improvement stands at its second step then.
            return
        for number in (1, 2, 3, 4):
            self._answer(improvement, number, "luca", 46)
            if number == 4:
                self._weigh(improvement, "luca", 46)
            improvement = self._on(improvement, number + 1, "luca", 46)
        improvement = operations.take_effect(improvement=improvement, **self._about("luca", 45), acted_on=self._day(45))
        self._answer(improvement, 5, "luca", 40)
        improvement = self._on(improvement, 6, "luca", 2)
        verdict = operations.compare(measure=measure, by=self.staff["ines"], at=self.now - timedelta(days=1))
        self._answer(improvement, 6, "luca", 0.9)
        by = {"improvement": improvement, **self._about("ines", 0.8)}
        if verdict.word == Word.REACHED:
            operations.realize(**by)
        elif verdict.word == Word.PARTLY:
            operations.realize_partly(**by)
        else:
            operations.end_unrealized(**by, reason="Nothing shows that it helped.")

    def _kept(self) -> None:
        """The one that was realized by what people saw, with its last step complete."""
        title = "The desk reads known errors aloud before it asks questions"
        improvement = self._start((title, "Network and VPN", 1, "tom", (4, 1, 1)), 70, size="small")
        improvement = operations.skip(
            improvement=improvement, **self._about("tom", 68), step=1, reason="Everybody at the desk asked for it."
        )
        measure = operations.observe(
            improvement=improvement, **self._about("tom", 68), text="Callers tell the same story twice."
        )
        operations.expect(
            measure=measure, **self._about("tom", 67), text="Known errors are found in the first call.",
            target_date=self._day(10),
        )  # fmt: skip
        improvement = self._on(improvement, 4, "tom", 66, "Nothing more to measure.")
        improvement = self._on(improvement, 5, "tom", 66, "Just do it.")
        improvement = operations.take_effect(improvement=improvement, **self._about("tom", 60), acted_on=self._day(60))
        self._answer(improvement, 5, "tom", 60)
        improvement = self._on(improvement, 6, "tom", 20)
        operations.judge(measure=measure, **self._about("luca", 20), word=Word.REACHED, note="Done by habit.")
        self._answer(improvement, 6, "luca", 20)
        improvement = self._on(improvement, 7, "tom", 19)
        self._answer(improvement, 7, "tom", 19)
        operations.realize(improvement=improvement, **self._about("luca", 18))
