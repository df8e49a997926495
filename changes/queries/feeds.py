"""What stands in a calendar feed: planned work, freezes and maintenance windows that its owner may see by now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from people.access import access_of
from people.models import Team, User
from people.queries import organizations_visible_to, people_visible_to, teams_visible_to
from records.calendar_entries import FeedEntry, FeedSubject, fed
from services.models import Service
from services.queries import services_visible_to

from ..models import Change, ChangeStep, FeedToken
from .windows import Span, windows_in

BACK, AHEAD = timedelta(days=60), timedelta(days=366)
MOST_CHANGES, MOST_SPANS = 2_000, 1_000


@dataclass(frozen=True)
class Feed:
    """
    :param changes: with a window, by its beginning. :param spans: of freezes and maintenance, ended ones too.
    :param others: what other practices plan.
    """

    changes: list[Change]
    spans: list[Span]
    others: list[FeedEntry]


def may_be_about(user: Any, subject: Any) -> bool:
    """Whether the person may see this person, team or service now; asked again at each reading."""
    if not access_of(user).allows("change.feed"):
        return False
    if isinstance(subject, User):
        return people_visible_to(user).active().filter(pk=subject.pk).exists()
    if isinstance(subject, Team):
        return teams_visible_to(user).filter(pk=subject.pk, is_active=True).exists()
    return services_visible_to(user).filter(pk=subject.pk).exists()


def subjects(user: Any) -> tuple[list[User], list[Team], list[Service]]:
    """Whom and what one may make a feed of: oneself first and members of teams, active teams, live services."""
    teams = teams_visible_to(user).filter(is_active=True)
    people = people_visible_to(user).active().filter(Q(memberships__team__in=teams) | Q(pk=user.pk)).distinct()
    found = sorted(people, key=lambda person: (person.pk != user.pk, person.name, person.pk))
    return found, list(teams), list(services_visible_to(user).live())


def feed_of(token: FeedToken, *, at: datetime) -> Feed:
    """
    Everything from 60 days back to a year ahead; 2,000 changes at most, those to come before those gone by.

    A change stands in it from its submission on, also after it was cancelled, so that calendars learn of that.
    """
    start, end = at - BACK, at + AHEAD
    rows = (
        Change.objects.visible_to(token.user)
        .in_period(start, end)
        .filter(_about(token), submitted_at__isnull=False)
        .only(
            "kind",
            "title",
            "state",
            "planned_from",
            "planned_to",
            "version",
            "updated_at",
            "service_id",
            "organization_id",
        )
    )
    ahead = list(rows.filter(planned_to__gt=at).order_by("planned_from", "pk")[:MOST_CHANGES])
    behind = list(rows.filter(planned_to__lte=at).order_by("-planned_from", "-pk")[: MOST_CHANGES - len(ahead)])
    changes = [*reversed(behind), *ahead]
    visible = services_visible_to(token.user).filter(pk__in=_services_of(token, changes))
    # Of those that the person sees, the ones whose changes stand in it.
    whose = organizations_visible_to(token.user).filter(pk__in={change.organization_id for change in changes})
    spans = windows_in(
        at, end, services=visible.values_list("pk", flat=True), organizations=whose.values("pk"), is_active=None
    )
    subject = FeedSubject(token.user, person_id=token.person_id, team_id=token.team_id, service_id=token.service_id)
    return Feed(changes, spans[:MOST_SPANS], fed(subject, start, end))


def _about(token: FeedToken) -> Q:
    if token.person_id is not None:
        steps = ChangeStep.objects.filter(owner=token.person_id).values("change_id")
        return Q(assignee=token.person_id) | Q(owner=token.person_id) | Q(pk__in=steps)
    if token.team_id is not None:
        return Q(team=token.team_id)
    named = Change.services.through.objects.filter(service=token.service_id).values("change_id")
    return Q(service=token.service_id) | Q(pk__in=named)


def _services_of(token: FeedToken, changes: Iterable[Change]) -> set[int]:
    """Services whose freezes and maintenance windows concern the feed."""
    if token.service_id is not None:
        return {token.service_id}
    keys = [change.pk for change in changes]
    named = Change.services.through.objects.filter(change__in=keys).values_list("service_id", flat=True)
    found = set(named) | {change.service_id for change in changes if change.service_id is not None}
    if token.team_id is not None:
        found |= set(Service.objects.filter(support_team=token.team_id).values_list("pk", flat=True))
    return found
