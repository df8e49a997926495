"""Kinds and states of clocks, policies of agreements, causes of breaches."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClockKind(TextChoices):
    RESPONSE = "response", _("response")
    RESOLUTION = "resolution", _("resolution")


class ClockState(TextChoices):
    """A clock past due still runs; that it is breached is a fact beside the state."""

    PENDING = "pending", _("not started")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    MET = "met", _("met")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")
    VOID = "void", _("replaced")


LIVE_STATES = (ClockState.PENDING, ClockState.RUNNING, ClockState.PAUSED)
FINISHED_STATES = (ClockState.MET, ClockState.MISSED)


class SegmentKind(TextChoices):
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")


class ReopenPolicy(TextChoices):
    RESUME = "resume", _("the clock goes on with the time used so far")
    RESTART = "restart", _("a new full clock; the first result stays")


class RetargetPolicy(TextChoices):
    FROM_START = "from_start", _("from the start: the new target counts from the beginning")
    FROM_CHANGE = "from_change", _("from the change: the new target counts from now")
    STRICTER_ONLY = "stricter_only", _("stricter only: the earlier of old and new")


class MaintenancePolicy(TextChoices):
    """What planned maintenance means for availability (domain reference A4): it counts unless the agreement says so."""

    COUNTS = "counts", _("counts as downtime")
    WINDOWS = "windows", _("the maintenance windows are no service time")
    PLANNED = "planned", _("no planned downtime is service time")


class Level(TextChoices):
    """Thresholds of a clock, each recorded once per generation."""

    DUE_SOON = "due_soon", _("75 % used")
    AT_RISK = "at_risk", _("90 % used")
    BREACHED = "breached", _("target missed")


LEVELS = (Level.DUE_SOON, Level.AT_RISK, Level.BREACHED)


class ChangeCause(TextChoices):
    """Why a live clock was computed anew."""

    PRIORITY = "priority", _("new priority")
    AGREEMENT = "agreement", _("another agreement applies")
    CALENDAR = "calendar", _("the hours of the calendar changed")
    REOPENED = "reopened", _("reopened")
