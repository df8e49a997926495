"""States of a breach (workflows, service level management)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BreachState(TextChoices):
    RECORDED = "recorded", _("to explain")
    EXPLAINED = "explained", _("explained")
    EXCUSE_REQUESTED = "excuse_requested", _("excuse asked")
    EXCUSED = "excused", _("excused")
    UPHELD = "upheld", _("upheld")
    WITHDRAWN = "withdrawn", _("withdrawn")


# While one of these lasts, somebody decides or has decided about the miss as it was then.
IN_CASE = (BreachState.EXCUSE_REQUESTED, BreachState.EXCUSED)
