"""Background work on simulations: do them, take up those whose worker was ended, forget old ones."""

import logging
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import runs

SCHEDULE = {
    "simulator: take up what was left": {
        "task": "simulator.take_up",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "simulator: forget old simulations": {
        "task": "simulator.forget",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
_logger = logging.getLogger(__name__)


@shared_task(name="simulator.work")
def work(*, simulation: int, **_: Any) -> None:
    """Go on with one simulation; a long one rings again, so that other work has its turn."""
    if runs.work(simulation):
        ring(simulation)


@shared_task(name="simulator.take_up")
def take_up(**_: Any) -> None:
    """Ring for the simulations that nobody works at."""
    for key in runs.lost(at=now()):
        ring(key)


@shared_task(name="simulator.forget")
def forget(**_: Any) -> None:
    """Forget a batch of old simulations; what is left follows with the next beat."""
    runs.forget(at=now())


def ring(simulation: int) -> None:
    """Tell a worker. What no bell announced is taken up within a minute."""
    try:
        work.apply_async(kwargs={"simulation": simulation}, ignore_result=True, retry=False)
    except Exception:
        _logger.warning("The broker did not take the bell; the simulation begins within a minute.")
