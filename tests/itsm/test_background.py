"""The worker that carries the scheduler: it does not go on without it, and loads no more than it needs."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from celery.worker import state

from itsm.celery import SchedulerWatch
from itsm.embedded import location, options, services

AS_A_WORKER_STARTS = """
import json, sys
from itsm.celery import app
app.loader.init_worker()
app.finalize()
from itsm import loading
loading.for_tasks()
print(json.dumps([each for each in sys.argv[1:] if each in sys.modules]))
"""


@pytest.mark.parametrize(("is_alive", "expected"), [(True, None), (False, 1)])
def test_a_worker_ends_when_its_scheduler_has_died(monkeypatch, is_alive, expected):
    monkeypatch.setattr(state, "should_stop", None)
    worker = SimpleNamespace(beat=SimpleNamespace(is_alive=lambda: is_alive))

    SchedulerWatch(worker, beat=True).look(worker)

    assert state.should_stop == expected


def test_a_worker_without_a_scheduler_is_not_watched():
    assert not SchedulerWatch(SimpleNamespace(), beat=False).enabled


def test_web_and_worker_are_all_that_is_kept_running(tmp_path):
    assert [each.name for each in services.all_of(tmp_path, options.parse([]))] == ["web", "worker"]


def test_a_worker_loads_no_pages_no_api_and_nothing_that_writes_files():
    needed = ["measurement.tasks", "slm.tasks", "numpy", "kombu.transport.redis"]
    heavy = ["itsm.urls", "rest_framework.serializers", "holidays", "openpyxl", "reportlab", "requests", "PIL"]
    worker = [sys.executable, "-c", AS_A_WORKER_STARTS, *needed, *heavy]

    loaded = subprocess.run(worker, cwd=location.REPOSITORY, capture_output=True, check=True).stdout

    assert json.loads(loaded) == needed
