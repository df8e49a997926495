"""What becomes of a proposal, and how it moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClusterState(TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("opened as a problem")
    DISMISSED = "dismissed", _("dismissed")


class Trend(TextChoices):
    """The later half of the days looked at, compared with the earlier half."""

    RISING = "rising", _("rising")
    STEADY = "steady", _("steady")
    FALLING = "falling", _("falling")
