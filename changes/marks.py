"""Freezes on the charts of measures."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from measurement.explorer import annotations
from measurement.scope import Scope

from .enums import WindowKind
from .queries.freezing import windows_visible_to
from .queries.windows import spans


def register() -> None:
    """Called when the app is ready."""
    annotations.register(annotations.Source("freeze", _("Freezes"), _freezes))


def _freezes(scope: Scope, start: datetime, end: datetime) -> Iterator[annotations.Mark]:
    """Freezes that touch [start, end); each time of those that repeat."""
    rows = windows_visible_to(scope.viewer).filter(
        kind=WindowKind.FREEZE, is_active=True, is_sample=scope.is_sample, starts_at__lt=end
    )
    if service := scope.filters.get("service"):
        rows = rows.filter(Q(services=None) | Q(services=service)).distinct()
    address = reverse("change_calendar:windows")
    for window in rows[: annotations.MOST]:
        for span in spans(window, start, end):
            yield annotations.Mark(
                at=max(span.starts_at, start),
                ends_at=min(span.ends_at, end),
                kind="freeze",
                label=text("Freeze: %(name)s") % {"name": window.name},
                url=address,
            )
