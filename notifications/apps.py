from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - declares the operations
        from .subscriptions import register

        register()
