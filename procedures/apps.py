from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    name = "procedures"
    verbose_name = _("Procedures")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from approvals import purposes
        from records import gates, panels

        from . import (
            deciding,
            gate,
            permissions,  # noqa: F401 - declares the operations
            sentences,
        )
        from .panel import PANEL

        deciding.declare()
        if purposes.find(deciding.PURPOSE.name) is None:
            purposes.register(deciding.PURPOSE)
        gates.register(gate.ask)
        panels.register(PANEL)
        sentences.declare_sentences()
        post_migrate.connect(_ship, sender=self, dispatch_uid="procedures.base")


def _ship(**kwargs: object) -> None:
    """Every installation has places, accountabilities, rules and the base set, from its first migration on."""
    # The models are loaded by now.
    from django.utils.timezone import now

    from .defaults import ensure_all

    ensure_all(at=now(), is_migrating="plan" in kwargs)
