"""Planning a release: from nothing, or with the change from which it is raised."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from common.speech import speaking
from people.access import require
from records import changing
from records.enums import Level, LinkKind, Source
from records.operations import link
from records.operations.drawing_up import draw_up

from ..enums import State, Type
from ..models import ChecklistItem, ReadinessItem, Release

DETAILS = frozenset({
    "category", "team", "assignee", "owner", "version_name", "build_reference", "release_notes", "known_errors",
    "deployment_plan", "back_out_plan", "communication_plan", "early_life_days", "quiet_days", "quiet_priority",
    "most_incidents",
})  # fmt: skip


@transaction.atomic
def create(
    *,
    by: Any,
    at: datetime,
    title: str,
    description: str = "",
    requester: Any = None,
    type: str = Type.MINOR,
    services: Iterable[Any] = (),
    changes: Iterable[Any] = (),
    impact: int = Level.LOW,
    urgency: int = Level.MEDIUM,
    source: str = Source.OTHER,
    tags: tuple[str, ...] | list[str] = (),
    is_sample: bool = False,
    **details: Any,
) -> Release:
    """
    Plan a release, in the state `planning`, with the lines of the readiness checklist that are asked of its type.

    :param changes: what goes live with it. Without services it is for those of these changes.
    :param details: more fields, those of `DETAILS`.
    :raises NotAllowed: the person may not plan releases, or may not link a change.
    :raises Refused: a field does not fit.
    """
    requester = requester or by
    require(by, "release.create", Release(organization_id=requester.organization_id, requester_id=requester.pk))
    changes, services = list(changes), list(services)
    if not services:
        services = list({each.service_id: each.service for each in changes if each.service_id}.values())
    release: Release = draw_up(
        "release",
        at=at,
        state=State.PLANNING,
        title=title,
        description=description,
        requester=requester,
        impact=impact,
        urgency=urgency,
        source=source,
        tags=tags,
        is_sample=is_sample,
        details=details,
        allowed=DETAILS,
        service=services[0] if services else None,
        type=type,
    )
    shown = ("title", "requester_id", "organization_id", "service_id", "type", "version_name", "state")
    changing.create(
        release,
        action="release.created",
        by=by,
        at=at,
        changes={name: (None, getattr(release, name)) for name in shown},
        data={"services": [each.name for each in services]},
    )
    release.services.set(services)
    _take_checklist(release)
    for change in changes:
        link(record=change, to=release, kind=LinkKind.RELEASED_IN, by=by, at=at)
    return Release.objects.get(pk=release.pk) if changes else release


def _take_checklist(release: Release) -> None:
    """Copy the lines of its type, in the language of the installation as they are now."""
    lines = [
        each for each in ChecklistItem.objects.filter(is_active=True) if not each.types or release.type in each.types
    ]
    with speaking(settings.LANGUAGE_CODE):
        ReadinessItem.objects.bulk_create(
            ReadinessItem(
                release=release,
                position=number,
                text=gettext(line.text)[:200],
                role=line.role,
                is_required=line.is_required,
            )
            for number, line in enumerate(lines, start=1)
        )
