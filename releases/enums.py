"""States and types of releases, verdicts of acceptance criteria, environments and results of deployments."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    PLANNING = "planning", _("planning")
    BUILDING = "building", _("building")
    TESTING = "testing", _("testing")
    READY = "ready", _("ready")
    DEPLOYING = "deploying", _("deploying")
    EARLY_LIFE = "early_life", _("early life")
    CLOSED = "closed", _("closed")
    ROLLED_BACK = "rolled_back", _("rolled back")
    CANCELLED = "cancelled", _("cancelled")


class Type(TextChoices):
    """Domain reference B5."""

    MAJOR = "major", _("major")
    MINOR = "minor", _("minor")
    EMERGENCY = "emergency", _("emergency")


class Verdict(TextChoices):
    """What was found about one acceptance criterion."""

    OPEN = "open", _("not judged")
    MET = "met", _("met")
    FAILED = "failed", _("not met")
    WAIVED = "waived", _("waived")


class Environment(TextChoices):
    TEST = "test", _("test")
    ACCEPTANCE = "acceptance", _("acceptance")
    PRODUCTION = "production", _("production")


class Result(TextChoices):
    """How a deployment stands or ended."""

    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    SUCCESSFUL = "successful", _("successful")
    FAILED = "failed", _("failed")
    BACKED_OUT = "backed_out", _("backed out")
