from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "changes"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from approvals import purposes
        from procedures import carriers
        from records import events, practices

        from . import (
            marks,
            measures,
            notices,
            permissions,  # noqa: F401 - declares the operations
            procedures,
            sentences,
        )
        from .clocks import declare_clocks
        from .practice import PRACTICE, PURPOSE
        from .reporting import declare_chapters

        practices.register(PRACTICE)
        sentences.declare_sentences()
        notices.register()
        declare_clocks()
        measures.declare()
        marks.register()
        declare_chapters()
        carriers.register(procedures.CARRIER)
        events.observe(procedures.follow)
        if purposes.find(PURPOSE.name) is None:
            purposes.register(PURPOSE)
        post_migrate.connect(_ship_questions, sender=self, dispatch_uid="changes.questions")


def _ship_questions(**_kwargs: object) -> None:
    """Every installation has the risk questionnaire, from its first migration on."""
    # The models are loaded by now.
    from .defaults import ensure_questions

    ensure_questions()
