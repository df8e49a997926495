"""Reads about incidents that need the database."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count

from people.access import access_of
from people.models import Membership
from records.enums import LinkKind, TaskState
from records.models import Comment, Link, Task
from slm.enums import ReopenPolicy
from slm.queries import reopen_policies_of

from .enums import State

REOPENING_WINDOW = timedelta(days=7)


class IncidentFacts:
    """What guards ask about one incident at one moment; each answer is looked up when first asked for."""

    reopening_days = REOPENING_WINDOW.days

    def __init__(self, incident: Any, at: datetime) -> None:
        self.incident = incident
        self.at = at

    def is_member(self, person: Any, team: Any) -> bool:
        return Membership.objects.filter(user=person, team=team).exists()

    def is_absent(self, person: Any) -> bool:
        """Away on the day of the act, read in the person's own zone."""
        return person.absent_until is not None and self.at.astimezone(person.zone).date() <= person.absent_until

    @cached_property
    def has_public_question(self) -> bool:
        """Whether the latest public word is ours, so that the requester knows what we wait for."""
        latest = Comment.objects.filter(record_id=self.incident.pk, is_public=True).order_by("-at", "-id").first()
        return latest is not None and not latest.is_from_requester_side

    @cached_property
    def has_related_link(self) -> bool:
        return Link.objects.filter(
            from_record=self.incident.pk, kind__in=[LinkKind.CAUSED_BY, LinkKind.RELATED_TO]
        ).exists()

    @cached_property
    def has_original(self) -> bool:
        return Link.objects.filter(from_record=self.incident.pk, kind=LinkKind.DUPLICATE_OF).exists()

    @cached_property
    def open_mandatory_tasks(self) -> int:
        return Task.objects.filter(record_id=self.incident.pk, is_mandatory=True, state=TaskState.OPEN).count()

    @property
    def is_within_reopening_window(self) -> bool:
        resolved_at = self.incident.resolved_at
        return resolved_at is not None and self.at < resolved_at + REOPENING_WINDOW

    @cached_property
    def is_reopened_as_new(self) -> bool:
        """Whether the agreement of the ticket lets nothing be reopened."""
        policies = reopen_policies_of("incident", [self.incident])
        return policies.get(self.incident.pk) == ReopenPolicy.NEW_CALL

    def may_cancel_breached(self, person: Any) -> bool:
        return access_of(person).allows_on("incident.cancel_breached", self.incident)


def facts_of_many(incidents: Sequence[Any], at: datetime) -> dict[int, IncidentFacts]:
    """Facts of each by its key, with the open tasks and the agreements of all of them read at once."""
    found = {incident.pk: IncidentFacts(incident, at) for incident in incidents}
    tasks = Task.objects.filter(record__in=found, is_mandatory=True, state=TaskState.OPEN).values("record_id")
    counts = dict(tasks.annotate(count=Count("pk")).values_list("record_id", "count"))
    for key, facts in found.items():
        facts.open_mandatory_tasks = counts.get(key, 0)
    resolved = [each for each in incidents if each.state == State.RESOLVED]
    policies = reopen_policies_of("incident", resolved)
    for each in resolved:
        found[each.pk].is_reopened_as_new = policies.get(each.pk) == ReopenPolicy.NEW_CALL
    return found


def is_logged_again(incident: Any, *, at: datetime) -> bool:
    """
    Whether what comes up again is a new incident: the agreement says so, the window has passed, or this one is closed.
    """
    if incident.state == State.CLOSED:
        return True
    if incident.state != State.RESOLVED:
        return False
    facts = IncidentFacts(incident, at)
    return not facts.is_within_reopening_window or facts.is_reopened_as_new


def followers_of(incident: Any) -> list[int]:
    """Keys of the open children and duplicates, which follow their parent when it is resolved; in order of key."""
    return list(
        Link.objects.filter(to_record=incident.pk, kind__in=[LinkKind.CHILD_OF, LinkKind.DUPLICATE_OF])
        .exclude(from_record__phase="done")
        .order_by("from_record_id")
        .values_list("from_record_id", flat=True)
        .distinct()
    )
