from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "problems"

    def ready(self) -> None:
        from records import practices

        from . import permissions  # noqa: F401 - declares the operations
        from .practice import PRACTICE

        practices.register(PRACTICE)
