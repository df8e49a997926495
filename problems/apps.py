from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "problems"

    def ready(self) -> None:
        from records import panels, practices

        from . import (
            measures,
            notices,
            permissions,  # noqa: F401 - declares the operations
            reactions,
            sending,
            sentences,
        )
        from .clocks import declare_clocks
        from .practice import KNOWN_ERRORS, PRACTICE
        from .reporting import declare_chapters

        practices.register(PRACTICE)
        panels.register(KNOWN_ERRORS)
        declare_clocks()
        measures.declare()
        declare_chapters()
        sentences.declare_sentences()
        sending.register_act()
        reactions.register()
        notices.register()
