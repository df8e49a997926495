"""States of outages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutageState(TextChoices):
    """Only confirmed outages count. What was dismissed or withdrawn stays, with the reason."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("recorded")
    DISMISSED = "dismissed", _("dismissed")
    WITHDRAWN = "withdrawn", _("withdrawn")


LIVE = (OutageState.PROPOSED, OutageState.CONFIRMED)
