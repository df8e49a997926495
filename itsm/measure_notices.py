"""
Who is told that a measure crossed the line they drew, or that somebody left a report of theirs.

Here, because measures and the inbox know nothing of each other.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from audit.subscriptions import subscribe
from measurement.following import mail
from measurement.following.models import Alert
from measurement.schedules.models import Schedule
from notifications import preferences, subjects
from notifications.models import Channel, NoticeKind
from notifications.subscriptions import muted_by, tell

KIND, SCHEDULE = "kpi_alert", "schedule"
OWNED = gettext_lazy("because it is your report")
WHY = gettext_lazy("because you asked to be told")


def register() -> None:
    """Called when the app is ready."""
    subjects.declare(KIND, label=gettext_lazy("Measure"), visible_to=Alert.objects.visible_to)
    subjects.declare(SCHEDULE, label=gettext_lazy("Scheduled report"), visible_to=Schedule.objects.visible_to)
    subscribe("measurement.alerts", to=["kpi_alert.crossed"], handler=crossed)
    subscribe("measurement.reports", to=["schedule.left", "schedule.returned_to"], handler=left)
    mail.ask_first(wants_mail)


def crossed(entry: Entry) -> None:
    """Tell whoever drew the line, in the words that they were counted with."""
    alert = Alert.objects.select_related("owner").filter(pk=entry.subject_id).first()
    if alert is None:
        return
    tell(entry, _about(alert), NoticeKind.MEASURE, {alert.owner: WHY}, entry.data["said"])


def wants_mail(alert: Alert) -> bool:
    """By what the owner chose for such news, unless they muted this alert."""
    owner = alert.owner
    is_silenced = preferences.silenced(NoticeKind.MEASURE, Channel.MAIL, [owner])
    return not is_silenced and not muted_by(_about(alert), [owner])


def left(entry: Entry) -> None:
    """Tell the owner of a report that a receiver wants it no more, or wants it again."""
    schedule = Schedule.objects.select_related("owner").filter(pk=entry.subject_id).first()
    if schedule is None:
        return
    is_back = entry.action == "schedule.returned_to"

    def text() -> str:
        said = _("%(name)s receives it again.") if is_back else _("%(name)s left it and gets it no more.")
        return said % {"name": entry.actor}

    about = subjects.About(SCHEDULE, schedule.pk, label=schedule.name)
    tell(entry, about, NoticeKind.CHANGED, {schedule.owner: OWNED}, text)


def _about(alert: Alert) -> subjects.About:
    return subjects.About(KIND, alert.pk, label=str(alert))
