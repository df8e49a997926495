from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "changes"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from approvals import purposes
        from records import practices

        from . import (
            notices,
            permissions,  # noqa: F401 - declares the operations
            sentences,
        )
        from .practice import PRACTICE, PURPOSE

        practices.register(PRACTICE)
        sentences.declare_sentences()
        notices.register()
        if purposes.find(PURPOSE.name) is None:
            purposes.register(PURPOSE)
        post_migrate.connect(_ship_rules, sender=self, dispatch_uid="changes.rules")


def _ship_rules(**_kwargs: object) -> None:
    """Every installation has the risk questionnaire and the approval policies by risk, from its first migration on."""
    # The models are loaded by now.
    from django.utils.timezone import now

    from .defaults import ensure_policies, ensure_questions

    ensure_questions()
    ensure_policies(at=now())
