"""What service reports tell of releases: those that went live in the month."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from slm.reports import chapters
from slm.reports.gathering.scope import Scope

from .models import Release


def _live(scope: Scope) -> Any:
    """Releases of services that the customer uses."""
    keys = [service.pk for service in scope.services]
    further = Release.services.through.objects.filter(service__in=keys).values("release")
    rows = Release.objects.filter(Q(service__in=keys) | Q(pk__in=further))
    rows = rows.filter(is_sample=scope.organization.is_sample)
    return rows.filter(deployed_at__gte=scope.at_from, deployed_at__lt=scope.at_to).order_by("deployed_at", "pk")


def _note(release: Release) -> str:
    said = release.version_name
    if release.rolled_back_at is not None:
        return _("%(version)s, rolled back") % {"version": said} if said else _("rolled back")
    return said


def declare_chapters() -> None:
    """Called from `ready`."""
    chapters.register(
        chapters.Chapter(
            name="releases",
            title=gettext_lazy("Releases that went live"),
            empty=gettext_lazy("No release of these services went live in this month."),
            rows=_live,
            note=_note,
            position=25,
        )
    )
