"""What is done with packs, and what a certificate says."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Act(TextChoices):
    ADOPTED = "adopted", _("adopted")
    UPGRADED = "upgraded", _("upgraded")
    SWITCHED_OFF = "switched_off", _("switched off")
    SWITCHED_ON = "switched_on", _("switched on")
    REMOVED = "removed", _("removed")


class Verdict(TextChoices):
    EQUAL = "equal", _("nothing else changed")
    DIFFERENT = "different", _("rolled back")
