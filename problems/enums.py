"""States of a problem, where it came from, how it is analyzed, what became of a workaround."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    LOGGED = "logged", _("Logged")
    ACCEPTED = "accepted", _("Accepted")
    INVESTIGATING = "investigating", _("Investigating")
    KNOWN_ERROR = "known_error", _("Known error")
    FIXING = "fixing", _("Fixing")
    VERIFYING = "verifying", _("Verifying")
    CLOSED = "closed", _("Closed")
    RISK_ACCEPTED = "risk_accepted", _("Risk accepted")
    CANCELLED = "cancelled", _("Cancelled")


class Origin(TextChoices):
    """What made somebody see a problem. Trend, risk and monitoring are proactive: no single incident is the source."""

    INCIDENT = "incident", _("an incident")
    MAJOR_INCIDENT = "major_incident", _("a major incident")
    TREND = "trend", _("a trend")
    MONITORING = "monitoring", _("monitoring")
    RISK = "risk", _("a risk")
    SUPPLIER = "supplier", _("a supplier")
    OTHER = "other", _("something else")


class Method(TextChoices):
    """How the cause is searched."""

    FIVE_WHYS = "five_whys", _("five whys")
    ISHIKAWA = "ishikawa", _("cause groups (Ishikawa)")
    KEPNER_TREGOE = "kepner_tregoe", _("is and is not (Kepner-Tregoe)")
    TIMELINE = "timeline", _("timeline")
    FACTORS = "factor", _("contributing factors")


class CauseMethod(TextChoices):
    """What brought a cause onto the tree."""

    FIVE_WHYS = "five_whys", _("why")
    ISHIKAWA = "ishikawa", _("cause group")
    TIMELINE = "timeline", _("timeline")
    FACTOR = "factor", _("contributing factor")


class CauseGroup(TextChoices):
    """The bones of the fishbone."""

    PEOPLE = "people", _("People")
    PROCESS = "process", _("Process")
    TECHNOLOGY = "technology", _("Technology")
    SUPPLIER = "supplier", _("Supplier")
    ENVIRONMENT = "environment", _("Environment")
    MEASUREMENT = "measurement", _("Measurement")


class Confidence(IntegerChoices):
    """How sure we are of a cause."""

    GUESS = 1, _("a guess")
    LIKELY = 2, _("likely")
    CONFIRMED = 3, _("confirmed")


class Dimension(TextChoices):
    """What is compared between what is hit and what could be hit but is not."""

    WHAT = "what", _("What")
    WHERE = "where", _("Where")
    WHEN = "when", _("When")
    EXTENT = "extent", _("Extent")


class Use(TextChoices):
    """What became of a known error on one record."""

    SENT = "sent", _("workaround sent")
    INSERTED = "inserted", _("put into a reply")
    DISMISSED = "dismissed", _("did not fit")
