"""Background work on articles: call for reviews on their day, forget what was searched long ago."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from . import operations

SCHEDULE = {
    "knowledge: call for reviews": {
        "task": "knowledge.call_reviews",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "knowledge: forget old searches": {
        "task": "knowledge.forget_searches",
        "schedule": 86400.0,
        "options": {"expires": 3600},
    },
}


@shared_task(name="knowledge.call_reviews")
def call_reviews(**_: Any) -> None:
    """Call for one batch of reviews; what is left follows with the next beat."""
    operations.call_review_when_due(at=now())


@shared_task(name="knowledge.forget_searches")
def forget_searches(**_: Any) -> None:
    """Forget one batch of searches; what is left follows with the next beat."""
    operations.forget_old(at=now())
