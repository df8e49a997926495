"""The scales that every installation begins with."""

from django.utils.translation import gettext_lazy as _

from .enums import Aspect
from .models import Scale

SCALES = {
    Aspect.VALUE: (
        50,
        (
            _("hardly noticed"), _("pleasant for a few"), _("saves a team time every week"),
            _("many notice it every day"), _("decides whether we keep our word"),
        ),
    ),
    Aspect.EFFORT: (
        30,
        (_("hours"), _("a few days"), _("a few weeks of one person"), _("months of a team"), _("a project of its own")),
    ),
    Aspect.RISK: (
        20,
        (
            _("can be taken back at once"), _("somebody may be disturbed"), _("a service may fail for minutes"),
            _("a service may fail for hours"), _("harm that can't be undone"),
        ),
    ),
}  # fmt: skip


def ensure_scales() -> None:
    """Write the scales that are missing, in the language of the installation; what somebody edited stays."""
    known = set(Scale.objects.values_list("aspect", flat=True))
    Scale.objects.bulk_create(
        Scale(aspect=aspect, weight=weight, texts=[str(text) for text in texts])
        for aspect, (weight, texts) in SCALES.items()
        if aspect not in known
    )
