"""The four cells of a service, and what a call can be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Cell(TextChoices):
    """Facility and support, each by functionality (what) and functioning (how well)."""

    FACILITY_FUNCTIONALITY = "facility_functionality", _("facility: what you get to use")
    FACILITY_FUNCTIONING = "facility_functioning", _("facility: how well it works")
    SUPPORT_FUNCTIONALITY = "support_functionality", _("support: what we do for you")
    SUPPORT_FUNCTIONING = "support_functioning", _("support: how well we do it")

    @property
    def is_facility(self) -> bool:
        return self in FACILITY

    @property
    def is_bounded(self) -> bool:
        """Whether its statements can be measured."""
        return self in (Cell.FACILITY_FUNCTIONING, Cell.SUPPORT_FUNCTIONING)


FACILITY = (Cell.FACILITY_FUNCTIONALITY, Cell.FACILITY_FUNCTIONING)


class Call(TextChoices):
    """What somebody wants who calls. A wish is not covered by what is agreed; a complaint is about how well we do."""

    INCIDENT = "incident", _("incident")
    REQUEST = "request", _("service request")
    CHANGE = "change", _("change")
    WISH = "wish", _("wish")
    COMPLAINT = "complaint", _("complaint")
