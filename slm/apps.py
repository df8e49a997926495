from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class SlmConfig(AppConfig):
    name = "slm"
    verbose_name = _("Service levels")

    def ready(self) -> None:
        from approvals import watching
        from audit.subscriptions import subscribe
        from calendars.changes import on_calendar_changed
        from measurement.schedules import sources
        from notifications import receiving
        from records import events

        from . import (
            decisions,
            marks,
            notices,
            observer,
            permissions,  # noqa: F401 - declares the operations
            receivers,
            tasks,
            undertakings,
        )
        from .dashboard import mailed
        from .models import Agreement, Target

        sources.register(mailed.SOURCE)
        marks.register()
        events.observe(observer.follow)
        notices.register()
        undertakings.register()
        watching.observe(observer.follow_step)
        watching.observe(decisions.follow)
        decisions.declare()
        receiving.ask(receivers.receivers_of)
        subscribe("slm.back_to_back", to=["agreement.*"], handler=tasks.ring_for_check)
        on_calendar_changed(tasks.ring_for_calendar)
        for model in (Agreement, Target):
            for signal in (post_save, post_delete):
                signal.connect(_forget_agreements, sender=model)


def _forget_agreements(**_kwargs: Any) -> None:
    from . import selection  # models can't be imported before the apps are ready

    selection.forget()
