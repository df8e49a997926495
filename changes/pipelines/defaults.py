"""What a new installation starts with: three environments, of which production needs a change."""

from django.utils.translation import gettext_noop as _

from .models import Environment

ENVIRONMENTS = (
    # short name, name, is it production, does it need a change
    ("production", _("Production"), True, True),
    ("staging", _("Staging"), False, False),
    ("test", _("Test"), False, False),
)


def ensure_environments() -> None:
    """Make the usual environments, unless somebody has any."""
    if Environment.objects.exists():
        return
    Environment.objects.bulk_create(
        Environment(slug=slug, name=name, is_production=is_production, needs_change=needs_change)
        for slug, name, is_production, needs_change in ENVIRONMENTS
    )
