"""Background work on agreements: look over all of them."""

import logging
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from .looking import look

SCHEDULE = {
    "slm.standings: look over all agreements": {
        "task": "slm.look_over_agreements",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
_logger = logging.getLogger(__name__)


@shared_task(name="slm.look_over_agreements")
def look_over_agreements(**_: Any) -> None:
    """Keep which services are covered, which promises are carried, and which contracts wait for a decision."""
    look(at=now())


def ring(_told: Any) -> None:
    """Tell a worker that an agreement has changed; once an hour everything is looked over anyway."""
    try:
        look_over_agreements.apply_async(ignore_result=True, retry=False)
    except Exception:
        _logger.warning("The broker did not take the bell; agreements are looked over within the hour.")
