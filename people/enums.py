"""Roles, relations, themes and densities."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is here. Everybody who may sign in is a requester; the rest is granted."""

    REQUESTER = "requester", _("Requester")
    ORGANIZATION_MANAGER = "organization_manager", _("Organization manager")
    TECHNICIAN = "technician", _("Service desk agent")
    TEAM_LEAD = "team_lead", _("Team lead")
    SERVICE_MANAGER = "service_manager", _("Service level manager")
    CHANGE_MANAGER = "change_manager", _("Change manager")
    AUDITOR = "auditor", _("Auditor")
    USER_MANAGER = "user_manager", _("User manager")
    ADMINISTRATOR = "administrator", _("Administrator")


class Relation(TextChoices):
    """How a role reaches an object."""

    OWN = "own", _("what they asked for or follow")
    SCOPE = "scope", _("records of the organizations their role covers")
    GLOBAL = "global", _("the whole installation; needs a role that covers every organization")


class Theme(TextChoices):
    SYSTEM = "system", _("Follow the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(TextChoices):
    COMFORTABLE = "comfortable", _("Comfortable")
    STANDARD = "standard", _("Standard")
    COMPACT = "compact", _("Compact")


class NavGrouping(TextChoices):
    """What the navigation is grouped by; the addresses are the same."""

    PROCESS = "process", _("By process")
    PRACTICE = "practice", _("By practice")
