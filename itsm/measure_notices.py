"""
Who finds in their inbox that a measure crossed the line they drew.

Here, because measures and the inbox know nothing of each other.
"""

from django.utils.translation import gettext_lazy

from audit.models import Entry
from audit.subscriptions import subscribe
from measurement.following.enums import When
from measurement.following.models import Alert
from notifications import subjects
from notifications.models import NoticeKind
from notifications.subscriptions import tell

KIND = "kpi_alert"
WHY = gettext_lazy("because you asked to be told")


def register() -> None:
    """Called when the app is ready."""
    subjects.declare(KIND, label=gettext_lazy("Measure"), visible_to=Alert.objects.visible_to)
    subscribe("measurement.alerts", to=["kpi_alert.crossed"], handler=crossed)


def crossed(entry: Entry) -> None:
    """Tell whoever drew the line, in the words that they were counted with."""
    alert = Alert.objects.select_related("owner").filter(pk=entry.subject_id).first()
    if alert is None:
        return
    kind = NoticeKind.BREACHED if alert.when in (When.TARGET, When.THRESHOLD) else NoticeKind.CHANGED
    about = subjects.About(KIND, alert.pk, label=str(alert))
    tell(entry, about, kind, {alert.owner: WHY}, entry.data["said"])
