"""What a tile shows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    NUMBER = "number", _("a number with its shape")
    TREND = "trend", _("a trend")
    SPLIT = "split", _("a split by service, team, priority or organization")
    CONTROL = "control", _("a control chart")
    RECORDS = "records", _("a list of tickets")


class By(TextChoices):
    SERVICE = "service", _("service")
    TEAM = "team", _("team")
    PRIORITY = "priority", _("priority")
    ORGANIZATION = "organization", _("organization")
