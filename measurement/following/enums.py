"""When a person wants to be told of a measure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class When(TextChoices):
    TARGET = "target", _("it misses its target")
    THRESHOLD = "threshold", _("it passes its threshold, so that a miss is no longer near")
    ABOVE = "above", _("it is above a number")
    BELOW = "below", _("it is below a number")
    SIGNAL = "signal", _("a rule of its control chart is broken")


NUMBERED = frozenset({When.ABOVE, When.BELOW})
