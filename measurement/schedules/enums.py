"""How often reports go out, and how they went."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Every(TextChoices):
    DAY = "day", _("every day")
    WEEK = "week", _("every week")
    MONTH = "month", _("every month")


class Weekday(TextChoices):
    MONDAY = "0", _("Monday")
    TUESDAY = "1", _("Tuesday")
    WEDNESDAY = "2", _("Wednesday")
    THURSDAY = "3", _("Thursday")
    FRIDAY = "4", _("Friday")
    SATURDAY = "5", _("Saturday")
    SUNDAY = "6", _("Sunday")


class Outcome(TextChoices):
    """What became of one letter."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    LEFT_OUT = "left_out", _("not sent: the person may not see it any more, or has no address")
    FAILED = "failed", _("failed")
