"""Background work on articles: call for reviews on their day, forget old searches and words out of use."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.utils.timezone import now

from . import operations, vocabulary

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
    "knowledge: forget unused words": {
        "task": "knowledge.forget_words",
        "schedule": crontab(hour=4, minute=10, day_of_week="sunday"),
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


@shared_task(name="knowledge.forget_words")
def forget_words(**_: Any) -> None:
    """Forget the words that no article has any more, for readers who spell them otherwise."""
    vocabulary.forget_unused()
