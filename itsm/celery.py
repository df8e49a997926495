"""The Celery application. Periodic work is declared by each app's `tasks.SCHEDULE` and gathered here."""

import os
from importlib import import_module
from importlib.util import find_spec

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings.base")

app = Celery("steward")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def gather_schedules(sender: Celery, **_: object) -> None:
    """Collect `SCHEDULE` (name -> celery beat entry) from the tasks module of every installed app."""
    from django.apps import apps  # the registry is ready only now

    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.tasks") is None:
            continue
        sender.conf.beat_schedule |= getattr(import_module(f"{config.name}.tasks"), "SCHEDULE", {})
