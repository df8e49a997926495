"""States of a version of a procedure, how it comes into force, and parts in a step."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VersionState(TextChoices):
    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("being decided")
    IN_FORCE = "in_force", _("in force")
    SUPERSEDED = "superseded", _("superseded")
    DROPPED = "dropped", _("dropped")


OPEN = (VersionState.DRAFT, VersionState.PROPOSED)


class Way(TextChoices):
    """What has to happen before a draft comes into force."""

    ACT = "act", _("nothing more: whoever may activate does it")
    SECOND = "second", _("a second person activates it, not the one who wrote it")
    APPROVAL = "approval", _("those whom an approval policy names decide; it comes into force with the last vote")
    CHANGE = "change", _("a change is raised and authorized; the draft comes into force when the change is carried out")


class Part(TextChoices):
    """What a role is at a step beside the one that is accountable."""

    RESPONSIBLE = "responsible", _("responsible")
    CONSULTED = "consulted", _("consulted")
    INFORMED = "informed", _("informed")
