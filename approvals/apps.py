from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from records import events, panels

        from . import (
            mail,
            observer,
            permissions,  # noqa: F401 - declares the operations
            presenting,
            sentences,
        )

        events.observe(observer.follow)
        mail.register()
        panels.register(presenting.PANEL)
        sentences.declare_sentences()
