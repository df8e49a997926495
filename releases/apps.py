from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "releases"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from approvals import purposes
        from records import practices

        from . import (
            calendar,
            marks,
            measures,
            notices,
            permissions,  # noqa: F401 - declares the operations
            reactions,
            sentences,
        )
        from .clocks import declare_clocks
        from .practice import PRACTICE, PURPOSE
        from .reporting import declare_chapters

        practices.register(PRACTICE)
        declare_clocks()
        sentences.declare_sentences()
        measures.declare()
        declare_chapters()
        notices.register()
        reactions.register()
        calendar.register()
        marks.register()
        if purposes.find(PURPOSE.name) is None:
            purposes.register(PURPOSE)
        post_migrate.connect(_ship_checklist, sender=self, dispatch_uid="releases.checklist")


def _ship_checklist(**_kwargs: object) -> None:
    """Every installation has the readiness checklist, from its first migration on."""
    # The models are loaded by now.
    from .defaults import ensure_checklist

    ensure_checklist()
