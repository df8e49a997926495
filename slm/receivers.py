"""Who is told of a warning: the people whom the agreement names, at once or when their team opens next."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from approvals.models import Seat, Vote
from audit.models import Entry
from calendars import registry
from calendars.business_time import NeverOpens
from notifications.receiving import Receiver
from people.models import Team, User
from records.models import Record

from . import declarations, selection
from .declarations import Begin
from .enums import Level
from .models import Clock
from .thresholds import USUAL, Tell, Threshold


def receivers_of(entry: Entry, record: Record) -> list[Receiver] | None:
    """
    The receivers of a passed level; None where its agreement says nothing about it, so that the usual ones are told.

    The agreement counts in the version that the clock goes by. A usual level whose place a warning of the agreement
    takes tells nobody itself. The owner of a task's clock is who has the task, that of a step of an approval everybody
    who has yet to vote.
    """
    level = str(entry.data.get("level", ""))
    clock = Clock.objects.filter(pk=entry.data.get("clock"), record_id=record.pk).first()
    terms = selection.terms_of(clock.agreement_id, clock.agreement_version) if clock and clock.agreement_id else None
    if clock is None or terms is None:
        return [] if entry.action == "clock.threshold" else None
    clock.record = record
    code = USUAL.get(level, level)
    rules = [each for each in map(Threshold.from_document, terms.thresholds) if each.code == code]
    rules = [each for each in rules if each.is_about(clock.kind)]
    if level in USUAL:
        if rules or clock.part is None:
            return [] if rules else None
        rules = [Threshold(tells=(Tell.OWNER, Tell.LEAD) if level == Level.BREACHED else (Tell.OWNER,))]
    at = datetime.fromisoformat(str(entry.data["detected_at"]))
    found: dict[int, Receiver] = {}
    for rule in rules:
        for person, why in _people(rule, clock):
            asleep_until = next_opening(person, at) if rule.in_hours else None
            known = found.get(person.pk)
            if known is None or (known.asleep_until is not None and asleep_until is None):
                found[person.pk] = Receiver(person, why, asleep_until)
    return list(found.values())


def _people(rule: Threshold, clock: Clock) -> Iterable[tuple[User, Any]]:
    record = clock.record
    lead = record.team.lead if record.team else None
    if Tell.OWNER in rule.tells:
        if owners := list(_owners_of_part(clock)):
            yield from owners
        elif record.assignee is not None:
            yield record.assignee, lambda: _("because it is assigned to you")
        elif lead is not None:
            yield lead, lambda: _("because you lead the team and nobody has it yet")
    if Tell.LEAD in rule.tells and lead is not None:
        yield lead, lambda: _("because you lead the team")
    for person in User.objects.active().filter(pk__in=rule.people):
        yield person, lambda: _("because the agreement names you")


def _owners_of_part(clock: Clock) -> Iterable[tuple[User, Any]]:
    """Who has the task, or was asked in the step and has not voted; nobody for clocks of the record itself."""
    declared = declarations.find(clock.record.kind, clock.kind)
    begins = declared.begins if declared is not None and clock.part is not None else None
    if begins == Begin.TASK:
        for person in User.objects.active().filter(tasks=clock.part):
            yield person, lambda: _("because the task is yours")
    elif begins == Begin.APPROVAL:
        standing = Vote.objects.filter(seat=OuterRef("pk"), replaced_at=None)
        seats = Seat.objects.filter(step=clock.part, acting__is_active=True).exclude(Exists(standing))
        for seat in seats.select_related("acting"):
            if seat.acting is not None:
                yield seat.acting, lambda: _("because you were asked to decide")


def next_opening(person: User, at: datetime) -> datetime | None:
    """When the first of the person's teams opens next; None where one is open, or none of them has hours."""
    openings = []
    for key in Team.objects.filter(members=person.pk, calendar__isnull=False).values_list("calendar", flat=True):
        hours = registry.current(key).time
        if hours.is_open(at):
            return None
        try:
            openings.append(hours.next_opening(at))
        except NeverOpens:
            continue
    return min(openings, default=None)
