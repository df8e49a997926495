"""Files of measures: what they hold, their format, and how far they are."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class What(TextChoices):
    TABLE = "table", _("the table behind the chart")
    RECORDS = "records", _("the records behind the number")
    PIVOT = "pivot", _("the measure by two dimensions")


class Format(TextChoices):
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel")


class State(TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("at work")
    DONE = "done", _("ready")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("failed")


ENDED = (State.DONE, State.STOPPED, State.FAILED)
