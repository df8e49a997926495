"""Who reads a note."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Audience(TextChoices):
    OWN = "own", _("only you")
    TEAM = "team", _("one of your teams")
    ORGANIZATION = "house", _("everybody of your organization who sees the measure")
    EVERYBODY = "all", _("everybody who sees the measure, customers too")
