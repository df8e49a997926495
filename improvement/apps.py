from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "improvement"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from measurement import offers
        from records import practices
        from slm.reports import register

        from . import (
            marks,
            measures,
            notices,
            permissions,  # noqa: F401 - declares the operations
            reviews,
            sentences,
        )
        from .practice import OFFER, PRACTICE

        practices.register(PRACTICE)
        sentences.declare_sentences()
        offers.register(OFFER)
        measures.declare()
        marks.register()
        notices.register()
        register.use(reviews.REGISTER)
        post_migrate.connect(_ship_scales, sender=self, dispatch_uid="improvement.scales")


def _ship_scales(**_kwargs: object) -> None:
    """Every installation has the scales, from its first migration on."""
    # The models are loaded by now.
    from .defaults import ensure_scales

    ensure_scales()
