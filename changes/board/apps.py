from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Meetings of boards: tables of their own, which nothing in the practice but this package reads."""

    name = "changes.board"
    label = "changes_board"

    def ready(self) -> None:
        from . import (
            mail,
            measures,
            notices,
            permissions,  # noqa: F401 - declares the operations
            sentences,
        )

        measures.declare()
        sentences.declare_sentences()
        notices.register()
        mail.register()
