from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BreachesConfig(AppConfig):
    """What is said about missed targets: why, and whether the agreement excuses it."""

    name = "slm.breaches"
    label = "breaches"
    verbose_name = _("Breaches")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from records import events, panels

        from . import (
            notices,
            permissions,  # noqa: F401 - declares the operations
            reactions,
            sentences,
        )
        from .panel import PANEL

        events.observe(reactions.follow)
        reactions.register()
        notices.register()
        panels.register(PANEL)
        sentences.declare_sentences()
        post_migrate.connect(_ship_lists, sender=self, dispatch_uid="breaches.lists")


def _ship_lists(**_kwargs: object) -> None:
    """Every installation has causes and clauses to choose from, from its first migration on."""
    # The models are loaded by now.
    from .defaults import ensure_lists

    ensure_lists()
