"""What goes across in a table of a measure: another dimension, or the time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Across(models.TextChoices):
    SERVICE = "service", _("service")
    TEAM = "team", _("team")
    PRIORITY = "priority", _("priority")
    ORGANIZATION = "organization", _("organization")
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
