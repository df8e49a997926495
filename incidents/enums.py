"""States of an incident, why it waits, how it was resolved."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    NEW = "new", _("New")
    ASSIGNED = "assigned", _("Assigned")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class HoldReason(TextChoices):
    """Whom or what an incident on hold waits for. The agreement says which of them pause which clock."""

    REQUESTER = "requester", _("requester")
    SUPPLIER = "supplier", _("supplier")
    CHANGE = "change", _("change")
    PROBLEM = "problem", _("problem")
    SCHEDULE = "schedule", _("agreed date")


class ResolutionCode(TextChoices):
    FIXED = "fixed", _("fixed for good")
    WORKAROUND = "workaround", _("workaround given")
    ADVICE = "advice", _("advice given")
    NO_FAULT = "no_fault", _("no fault found")
    DUPLICATE = "duplicate", _("duplicate")
    WITHDRAWN = "withdrawn", _("withdrawn by the requester")
    NO_ANSWER = "no_answer", _("requester did not answer")
    OTHER = "other", _("other")
