"""Releases on the change calendar: their planned windows, and the deployments that are under way."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from people.access import Access
from records.calendar_entries import CalendarEntry, declare

from .models import Release


def register() -> None:
    """Called when the app is ready."""
    declare("release", entries, label=_("release"), icon="package")


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
