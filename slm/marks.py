"""Agreements on the charts of measures: from when on which text held."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from measurement.explorer import annotations
from measurement.scope import Scope

from .models import Agreement
from .models.agreements import AgreementVersion


def register() -> None:
    """Called when the app is ready."""
    annotations.register(annotations.Source("agreement", _("Agreements"), _agreements))


def _agreements(scope: Scope, start: datetime, end: datetime) -> Iterator[annotations.Mark]:
    """Versions that came into force in [start, end), of agreements that the viewer may see."""
    seen = Agreement.objects.visible_to(scope.viewer).filter(is_sample=scope.is_sample)
    rows = AgreementVersion.objects.filter(agreement__in=seen, in_force_from__gte=start, in_force_from__lt=end)
    for version in rows.select_related("agreement").order_by("-in_force_from", "-pk")[: annotations.MOST]:
        assert version.in_force_from is not None  # the query asked for it
        said = {"name": version.agreement.name, "number": version.number}
        yield annotations.Mark(
            at=version.in_force_from,
            kind="agreement",
            label=text("%(name)s: version %(number)s came into force") % said,
            url=reverse("slm:agreement", args=[version.agreement.slug]),
        )
