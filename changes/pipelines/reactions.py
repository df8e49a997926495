"""What deployments learn from the acts of others: an incident that ends, or is open again."""

from django.db import transaction

from audit.models import Entry
from audit.subscriptions import subscribe

from .models import Deployment
from .operations.recovering import settle_one


def register() -> None:
    """Called when the app is ready."""
    subscribe(
        "deployments.recovery", to=["incident.resolved", "incident.reopened", "incident.closed"], handler=look_again
    )


@transaction.atomic
def look_again(entry: Entry) -> None:
    """Work out anew when the service was well again after deployments that failed with this incident."""
    failures = Deployment.objects.filter(incident=entry.subject_id, failed_at__isnull=False)
    for failure in failures.select_for_update(of=("self",)).select_related("incident").order_by("pk"):
        settle_one(failure, at=entry.at)
