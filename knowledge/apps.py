from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "knowledge"

    def ready(self) -> None:
        from records import practices

        from . import (
            measures,
            notices,
            panel,
            permissions,  # noqa: F401 - declares the operations
            reactions,
            sentences,
        )
        from .practice import PRACTICE

        practices.register(PRACTICE)
        measures.declare()
        notices.register()
        reactions.register()
        panel.register()
        sentences.declare_sentences()
