"""States, types, outcomes and risk bands of changes."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    DRAFT = "draft", _("draft")
    ASSESSING = "assessing", _("assessing")
    AUTHORIZING = "authorizing", _("authorizing")
    SCHEDULED = "scheduled", _("scheduled")
    IMPLEMENTING = "implementing", _("implementing")
    REVIEWING = "reviewing", _("reviewing")
    CLOSED = "closed", _("closed")
    REJECTED = "rejected", _("rejected")
    CANCELLED = "cancelled", _("cancelled")


class Type(TextChoices):
    """Domain reference A5.1."""

    STANDARD = "standard", _("standard")
    NORMAL = "normal", _("normal")
    EMERGENCY = "emergency", _("emergency")


class Outcome(TextChoices):
    SUCCESSFUL = "successful", _("successful")
    WITH_ISSUES = "with_issues", _("successful with issues")
    BACKED_OUT = "backed_out", _("backed out")
    FAILED = "failed", _("failed")


class Band(TextChoices):
    """Risk bands of the score from 0 to 100 (domain reference A5.2)."""

    LOW = "low", _("low")
    MODERATE = "moderate", _("moderate")
    HIGH = "high", _("high")
    VERY_HIGH = "very_high", _("very high")


class Points(IntegerChoices):
    """How much one factor adds to the risk."""

    NONE = 0, _("none")
    SMALL = 1, _("small")
    MEDIUM = 2, _("medium")
    LARGE = 3, _("large")
    EXTREME = 4, _("extreme")


class StepState(TextChoices):
    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("skipped")
    FAILED = "failed", _("failed")


class ModelState(TextChoices):
    """Life of a model of standard changes (domain reference B4)."""

    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    SUSPENDED = "suspended", _("suspended")
    RETIRED = "retired", _("retired")


class WindowKind(TextChoices):
    FREEZE = "freeze", _("freeze")
    MAINTENANCE = "maintenance", _("maintenance window")


class Repeats(TextChoices):
    NEVER = "never", _("once")
    WEEKLY = "weekly", _("every week")
    MONTHLY_DATE = "monthly_date", _("every month on this day")
    MONTHLY_WEEKDAY = "monthly_weekday", _("every month on this weekday")
    MONTH_END = "month_end", _("at the end of every month")
    YEARLY = "yearly", _("every year")
