"""The worker that carries the scheduler: it does not go on without it."""

from types import SimpleNamespace

import pytest
from celery.worker import state

from itsm.celery import SchedulerWatch
from itsm.embedded import options, services


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
