"""Kinds and states of clocks, policies of agreements, causes of breaches."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgreementType(TextChoices):
    """With whom: the customer's (SLA), a team of ours (OLA), or a supplier (underpinning contract)."""

    CUSTOMER = "customer", _("with customers (SLA)")
    TEAM = "team", _("with a team (OLA)")
    SUPPLIER = "supplier", _("with a supplier (contract)")


class AgreementState(TextChoices):
    """Life of an agreement. One under review stays in force; clocks go by those in force only."""

    DRAFT = "draft", _("draft")
    NEGOTIATING = "negotiating", _("to be signed")
    AGREED = "agreed", _("agreed")
    ACTIVE = "active", _("in force")
    IN_REVIEW = "in_review", _("in force, under review")
    RETIRED = "retired", _("retired")
    TERMINATED = "terminated", _("terminated")


class Side(TextChoices):
    """The two that sign: we, the provider; and the customer, the team or the supplier."""

    PROVIDER = "provider", _("for the provider")
    PARTNER = "partner", _("for the other side")


class VolumePeriod(TextChoices):
    """Span over which new records are counted against a limit, in the zone of the agreement."""

    DAY = "day", _("a day")
    WEEK = "week", _("a week")
    MONTH = "month", _("a month")


IN_FORCE = (AgreementState.ACTIVE, AgreementState.IN_REVIEW)
# What is agreed binds from its first day on, at midnight of its own zone, whether or not a worker has come by.
BINDING = (AgreementState.AGREED, *IN_FORCE)
ENDED = (AgreementState.RETIRED, AgreementState.TERMINATED)


class ClockKind(TextChoices):
    """Names of clocks that several practices may have. Which clocks there are is declared, not listed here."""

    RESPONSE = "response", _("response")
    UPDATE = "update", _("next update")
    RESOLUTION = "resolution", _("resolution")
    TEAM = "team", _("team agreement")
    TEAM_RESPONSE = "team_response", _("team response")
    SUPPLIER = "supplier", _("supplier contract")
    APPROVAL = "approval", _("approval")
    TASK = "task", _("task")


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
    NEW_CALL = "new_call", _("it stays resolved; a new ticket that follows it is logged")


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
    REPORT = "report", _("the moment of the report was corrected")
    RESOLUTION = "resolution", _("the moment of the resolution was corrected")
