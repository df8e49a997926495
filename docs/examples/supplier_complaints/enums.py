"""States of a complaint, and what a supplier may do about it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    WRITTEN = "written", _("written")
    LODGED = "lodged", _("with the supplier")
    ANSWERED = "answered", _("answered")
    SETTLED = "settled", _("settled")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Remedy(TextChoices):
    REPAIR = "repair", _("put right")
    CREDIT = "credit", _("credited")
    PROMISE = "promise", _("promised to do better")
    NONE = "none", _("nothing")
