"""Three months of service reports: one accepted, one disputed and corrected, one to review; with service credits."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from audit.acts import acting
from audit.models import Channel
from common.months import Month, month_of
from people.models import User
from slm.availability import operations as outages
from slm.availability.models import Outage
from slm.models import Agreement
from slm.reports import files, operations
from slm.reports.crediting import Step
from slm.reports.enums import Promise
from slm.reports.models import ReportPlan, ServiceReport

from .cast import Cast

CLINIC, SHIPPING = "Aurora Clinic", "Fjord Shipping"
STEPS = (
    (Promise.AVAILABILITY, "99.7", "2"),
    (Promise.AVAILABILITY, "99.0", "5"),
    (Promise.RESOLUTION, "90", "2.5"),
    (Promise.RESOLUTION, "80", "7.5"),
)
NOON = timedelta(hours=12)
OSLO = ZoneInfo("Europe/Oslo")


class Reporter:
    """Tells the reports up to the present moment. Tell incidents, changes and outages first."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at
        self.ines = cast.staff["ines"]

    def tell(self) -> int:
        """Returns how many editions were told."""
        with acting(channel=Channel.WEB, is_quiet=True):
            self._credits()
            clinic = self._plan(CLINIC, "What the clinic decides on at the monthly review", months=3)
            self._plan(SHIPPING, "How the desk served the shipping company", months=1)
            first, second, third = (month_of(self.now, OSLO).moved(-number) for number in (3, 2, 1))
            self._accepted(clinic, first)
            self._disputed(clinic, second)
            self._compiled(clinic, third)
            for plan in ReportPlan.objects.filter(is_sample=True).exclude(pk=clinic.pk):
                self._compiled(plan, third)
            files.make_due(at=self.now)
        return ServiceReport.objects.filter(is_sample=True).count()

    def _credits(self) -> None:
        operations.set_credits(
            agreement=Agreement.objects.get(name="Aurora Clinic gold"),
            by=None,
            at=self.now - timedelta(days=120),
            monthly_fee=Decimal("18500.00"),
            currency="EUR",
            cap_percent=Decimal(10),
            steps=[Step(promise, Decimal(below), Decimal(credit)) for promise, below, credit in STEPS],
        )

    def _plan(self, customer: str, purpose: str, *, months: int) -> ReportPlan:
        organization = self.cast.organizations[customer]
        people = organization.people.filter(role_grants__role="organization_manager").order_by("pk")
        return operations.create_plan(
            organization=organization,
            by=self.ines,
            at=self.now - timedelta(days=120),
            zone=OSLO.key,
            first_month=month_of(self.now, OSLO).moved(-months).first,
            purpose=purpose,
            owner=self.ines,
            receivers=list(people),
        )

    def _after(self, month: Month, days: int) -> datetime:
        """So many days after the month, at noon; never later than now."""
        return min(month.ended_at + timedelta(days=days) + NOON, self.now)

    def _issue(self, report: ServiceReport, summary: str, at: datetime) -> ServiceReport:
        report = operations.review(report=report, by=self.ines, at=at, summary=summary)
        return operations.issue(report=report, by=self.ines, at=at)

    def _compiled(self, plan: ReportPlan, month: Month) -> ServiceReport:
        return operations.compile_report(plan=plan, first_day=month.first, by=None, at=self._after(month, 0))

    def _accepted(self, plan: ReportPlan, month: Month) -> None:
        report = self._issue(
            self._compiled(plan, month),
            "A month without surprises. What was missed was missed by little, and is looked into.",
            self._after(month, 2),
        )
        reader = plan.receivers.get()
        operations.accept(report=report, by=reader, at=self._after(month, 5), comment="Thank you, no questions.")
        self._met(report, month, reader)

    def _met(self, report: ServiceReport, month: Month, reader: User) -> None:
        """The review of a report: minutes closed, one action done, one in the register of improvements."""
        held = self._after(month, 9)
        by, at = self.ines, held
        meeting = operations.plan_meeting(
            report=report, by=self.ines, at=self._after(month, 6), starts_at=held, place="Video call", people=[reader]
        )
        operations.add_topic(meeting=meeting, title="Who calls whom at the weekend", by=by, at=at)
        operations.take_minutes(
            meeting=meeting, remarks="Next review after the next report.",
            texts={item.pk: "Looked at together; what follows is written below." for item in meeting.items.all()},
            there={each.pk: True for each in meeting.attendees.all()}, by=by, at=at,
        )  # fmt: skip
        due = (held + timedelta(days=30)).date()
        operations.give_action(
            meeting=meeting, text="Agree on a window for maintenance of the finance system", owner=self.ines,
            due_date=due, is_for_register=True, by=by, at=at,
        )  # fmt: skip
        contacts = operations.give_action(
            meeting=meeting, text="Send the list of contacts for the weekend", owner=reader, due_date=due, by=by, at=at
        )
        operations.close_minutes(meeting=meeting, by=by, at=at)
        operations.finish_action(action=contacts, by=reader, at=self._after(month, 12))

    def _begins_earlier(self, month: Month) -> None:
        """Correct the first failure of the month, where there was one."""
        failures = Outage.objects.counted().filter(is_sample=True, is_planned=False, ended_at__lte=month.ended_at)
        first = failures.filter(started_at__gte=month.began_at).order_by("started_at").first()
        if first is not None:
            outages.correct(
                outage=first, by=self.cast.staff["luca"], at=self._after(month, 5),
                values={"started_at": first.started_at - timedelta(hours=2)},
                reason="Monitoring lost the service two hours before the first call",
            )  # fmt: skip

    def _disputed(self, plan: ReportPlan, month: Month) -> None:
        report = self._issue(
            self._compiled(plan, month),
            "A month with failures; their causes are known.",
            self._after(month, 2),
        )
        operations.dispute(
            report=report, by=plan.receivers.get(), at=self._after(month, 4),
            comment="The failure began before nine: our people called from seven on, and nobody could work.",
        )  # fmt: skip
        operations.answer(
            report=report, by=self.ines, at=self._after(month, 5),
            text="You are right: monitoring shows it two hours earlier. You get a corrected edition.",
        )  # fmt: skip
        self._begins_earlier(month)
        second = operations.correct(
            report=report,
            by=self.ines,
            at=self._after(month, 6),
            reason="The failure began two hours earlier",
        )
        self._issue(second, "One failure began two hours earlier than we told.", self._after(month, 6))
