"""
The Celery application. Periodic work is declared by each app's `tasks.SCHEDULE` and gathered here.

A worker may carry the scheduler (`worker --beat`), as `make run` has it: the two then share the memory of one loading.
"""

import os
import signal
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from celery import Celery, bootsteps, signals
from celery.worker import state

from itsm.embedded import children

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings.base")
# The checks load every page and form, a quarter of a worker's memory; `migrate` has run them before any worker starts.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

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


@signals.worker_before_create_process.connect
def share_memory(**_: object) -> None:
    from itsm import loading  # it needs the app registry

    loading.for_tasks()
    loading.freeze()


@signals.beat_embedded_init.connect
def end_with_the_worker(**_: object) -> None:
    """A scheduler whose worker was killed would go on beside that of the next one."""
    children.end_with_parent(signal.SIGTERM)


class SchedulerWatch(bootsteps.StartStopStep):
    """End a worker whose scheduler has died: who supervises the worker starts both again."""

    requires = ("celery.worker.components:Timer", "celery.worker.components:Beat")
    look_every_seconds = 5.0

    def __init__(self, parent: Any, beat: bool = False, **options: Any) -> None:
        self.enabled = bool(beat)
        super().__init__(parent, **options)

    def start(self, parent: Any) -> None:
        parent.timer.call_repeatedly(self.look_every_seconds, self.look, (parent,))

    def look(self, parent: Any) -> None:
        if not parent.beat.is_alive():
            state.should_stop = 1


app.steps["worker"].add(SchedulerWatch)
