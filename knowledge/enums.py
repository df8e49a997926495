"""States and audiences of an article, and where somebody searched."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    REVIEW_DUE = "review_due", _("Review due")
    RETIRED = "retired", _("Retired")


SHOWN = (State.PUBLISHED, State.REVIEW_DUE)


class Audience(TextChoices):
    """Who may read what was published. Page, search, API and suggestions ask the same."""

    INTERNAL = "internal", _("internal")
    CUSTOMERS = "customers", _("chosen organizations")
    PUBLIC = "public", _("public")


class Place(TextChoices):
    """Where somebody searched for an article."""

    PORTAL = "portal", _("portal")
    DESK = "desk", _("service desk")
