"""Breaches from facts: made in sets, once each, and withdrawn when the fact is corrected."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from calendars import registry
from calendars.business_time import OutOfRange
from records import changing

from ..enums import Level
from ..models import ClockFact
from . import cases, working_days
from .enums import IN_CASE, BreachState
from .models import Breach, Deadline

BATCH_ROWS = 1_000
BATCHES_A_RUN = 50
LOOKED_BACK = timedelta(days=2)


def unanswered() -> Any:
    """Facts of missed targets that have no breach yet; imported history makes none (domain reference A3.7)."""
    return ClockFact.objects.filter(
        level=Level.BREACHED, corrected_at=None, breach=None, clock__is_imported=False, clock__record__is_imported=False
    )


def make(facts: Any, *, rows: int = BATCH_ROWS) -> int:
    """
    Write breaches down for facts, a bounded number in one transaction, the earliest first.

    Safe to run twice and by several workers at once: the fact is unique.

    :param facts: of `unanswered`, narrowed. :returns: how many facts were taken.
    """
    taken: Sequence[ClockFact] = list(
        facts.select_related("clock__record__team", "clock__calendar").order_by("at", "id")[:rows]
    )
    if taken:
        dates = _Dates()
        Breach.objects.bulk_create((_breach(each, dates) for each in taken), ignore_conflicts=True)
    return len(taken)


def heal(*, at: datetime) -> int:
    """Make what a lost bell left out in the latest two days, and withdraw what a correction left standing."""
    made = 0
    for _batch in range(BATCHES_A_RUN):
        taken = make(unanswered().filter(at__gte=at - LOOKED_BACK))
        made += taken
        if taken < BATCH_ROWS:
            break
    outdated = Breach.objects.live().filter(fact__corrected_at__gte=at - LOOKED_BACK)
    for breach in outdated.select_related("record"):
        withdraw_if_corrected(breach, at=at)
    return made


@transaction.atomic
def withdraw_if_corrected(breach: Breach, *, at: datetime) -> Breach:
    """
    Take a breach back whose target, as turned out, was not missed. An excuse that is being decided ends with it.

    Does nothing while the fact stands, and nothing twice.
    """
    changing.lock(breach.record)
    locked = Breach.objects.select_for_update(of=("self",)).select_related("record", "fact").get(pk=breach.pk)
    if not locked.is_live or locked.fact.corrected_at is None:
        return locked
    was_in_case = locked.state in IN_CASE
    locked.state = BreachState.WITHDRAWN
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    log.record(
        "breach.withdrawn",
        subject_kind="record",
        subject_id=locked.record_id,
        subject_label=str(locked.record),
        organization_id=locked.organization_id,
        by=None,
        at=at,
        data={"breach": locked.pk, "clock": locked.clock_kind, "title": str(locked.clock_label)},
    )
    if was_in_case:
        cases.end_approval(locked, by=None, at=at, reason=_("the target was not missed after all"))
    return locked


def _breach(fact: ClockFact, dates: "_Dates") -> Breach:
    clock, record = fact.clock, fact.clock.record
    return Breach(
        record_id=record.pk,
        clock_id=clock.pk,
        fact_id=fact.pk,
        clock_kind=clock.kind,
        agreement_id=clock.agreement_id,
        team_id=record.team_id,
        owner_id=record.assignee_id,
        missed_at=fact.at,
        explain_by_at=dates.of(fact),
        is_sample=record.is_sample,
    )


class _Dates:
    """By when each is to be explained; misses of one day under one calendar are worked out once."""

    def __init__(self) -> None:
        self.rules = {rule.agreement_id: rule for rule in Deadline.objects.all()}
        self.known: dict[tuple[int, int, date], datetime | None] = {}

    def of(self, fact: ClockFact) -> datetime | None:
        """
        Counted from when the miss was noticed, in the hours of the team, else of the deadline, else of the clock.
        """
        everywhere = self.rules.get(None)
        rule = self.rules.get(fact.clock.agreement_id) or everywhere
        if rule is None:
            return None
        team = fact.clock.record.team
        calendars: Iterable[int | None] = (
            team.calendar_id if team else None,
            rule.calendar_id,
            everywhere.calendar_id if everywhere else None,
        )
        calendar_id = next((each for each in calendars if each), fact.clock.calendar_id)
        hours = registry.current(calendar_id).time
        key = calendar_id, rule.days, fact.detected_at.astimezone(ZoneInfo(hours.spec.zone)).date()
        if key not in self.known:
            try:
                self.known[key] = working_days.end_of(hours, fact.detected_at, rule.days)
            except OutOfRange:
                self.known[key] = None
        return self.known[key]
