"""Releases on the change calendar, and going live and early life in its feeds."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.access import Access
from records.calendar_entries import CalendarEntry, Certainty, FeedEntry, FeedSubject, declare

from .enums import State
from .models import Release

MOST_FED = 500
LONGEST_EARLY_LIFE = timedelta(days=366)


def register() -> None:
    """Called when the app is ready."""
    declare("release", entries, label=_("release"), icon="package", feed=fed)


def entries(access: Access, start: datetime, end: datetime) -> Iterable[CalendarEntry]:
    """
    Releases whose window touches [start, end), in three queries. Those that the person may not see come as busy; people
    who see none of the inside of releases get nothing at all.
    """
    if not access.allows("record.read_notes"):
        return []
    rows = list(Release.objects.planned().in_period(start, end).select_related("assignee").prefetch_related("services"))
    seen = set(
        Release.objects.visible_to(access.user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )
    return [_entry(row, is_seen=row.pk in seen) for row in rows]


def _entry(release: Release, *, is_seen: bool) -> CalendarEntry:
    starts_at, ends_at = release.planned_from, release.planned_to
    if starts_at is None or ends_at is None:
        raise ValueError("a release without window is on no calendar")
    services = frozenset(each.pk for each in release.services.all())
    if not is_seen:
        return CalendarEntry(kind="release", starts_at=starts_at, ends_at=ends_at, service_ids=services)
    return CalendarEntry(
        kind="release",
        starts_at=starts_at,
        ends_at=ends_at,
        title=release.title,
        reference=release.reference,
        url=release.get_absolute_url(),
        record_id=release.pk,
        state=str(release.state_label),
        state_name=release.state,
        phase=release.phase,
        person=str(release.assignee or ""),
        team_id=release.team_id,
        service_ids=services,
    )


def fed(subject: FeedSubject, start: datetime, end: datetime) -> Iterable[FeedEntry]:
    """
    Going live and early life of releases that touch [start, end), in one query: the 500 latest releases.

    A person's are those that they manage or own. Early life takes nobody's time; closing the release ends it.
    """
    is_planned = Q(planned_from__lt=end, planned_to__gt=start)
    is_young = Q(deployed_at__lt=end, deployed_at__gt=start - LONGEST_EARLY_LIFE)
    rows = Release.objects.visible_to(subject.user).filter(is_planned | is_young, _about(subject))
    for release in rows.order_by("-planned_from", "-pk")[:MOST_FED]:
        for each in (_going_live(release), _early_life(release)):
            if each is not None and each.starts_at < end and each.ends_at > start:
                yield each


def _about(subject: FeedSubject) -> Q:
    if subject.person_id is not None:
        return Q(assignee=subject.person_id) | Q(owner=subject.person_id)
    if subject.team_id is not None:
        return Q(team=subject.team_id)
    named = Release.services.through.objects.filter(service=subject.service_id).values("release_id")
    return Q(service=subject.service_id) | Q(pk__in=named)


def _going_live(release: Release) -> FeedEntry | None:
    if release.planned_from is None or release.planned_to is None:
        return None
    certainty = {State.PLANNING: Certainty.TENTATIVE, State.CANCELLED: Certainty.CANCELLED}
    return FeedEntry(
        key=f"release-{release.pk}-go-live",
        version=release.version,
        changed_at=release.updated_at,
        starts_at=release.planned_from,
        ends_at=release.planned_to,
        summary=gettext("%(reference)s goes live: %(title)s")
        % {"reference": release.reference, "title": release.title},
        state=str(release.state_label),
        url=release.get_absolute_url(),
        certainty=certainty.get(State(release.state), Certainty.CONFIRMED),
    )


def _early_life(release: Release) -> FeedEntry | None:
    begins, ends = release.deployed_at, release.early_life_ends_at
    if begins is None or ends is None:
        return None
    if release.state == State.CLOSED and release.closed_at is not None:
        ends = min(ends, release.closed_at)
    if ends <= begins:
        return None
    return FeedEntry(
        key=f"release-{release.pk}-early-life",
        version=release.version,
        changed_at=release.updated_at,
        starts_at=begins,
        ends_at=ends,
        summary=gettext("%(reference)s early life: %(title)s")
        % {"reference": release.reference, "title": release.title},
        state=str(release.state_label),
        url=release.get_absolute_url(),
        certainty=Certainty.CANCELLED if release.state == State.ROLLED_BACK else Certainty.CONFIRMED,
        is_background=True,
    )
