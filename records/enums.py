"""Phases, levels, priorities, links and the other choices that every kind of record shares."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Phase(TextChoices):
    """Every state belongs to a phase; lists and counts use phases, never states."""

    OPEN = "open", _("open")
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")


class Level(IntegerChoices):
    """Impact and urgency."""

    HIGH = 1, _("high")
    MEDIUM = 2, _("medium")
    LOW = 3, _("low")


class Priority(IntegerChoices):
    P1 = 1, _("P1 critical")
    P2 = 2, _("P2 high")
    P3 = 3, _("P3 medium")
    P4 = 4, _("P4 low")
    P5 = 5, _("P5 planning")


class Source(TextChoices):
    """How the requester reached us."""

    PHONE = "phone", _("phone")
    MAIL = "mail", _("e-mail")
    PORTAL = "portal", _("portal")
    WALK_IN = "walk_in", _("in person")
    CHAT = "chat", _("chat")
    MONITORING = "monitoring", _("monitoring")
    API = "api", _("another system")
    OTHER = "other", _("other")


class LinkKind(TextChoices):
    """Typed links, read from the first record to the second."""

    DUPLICATE_OF = "duplicate_of", _("duplicate of")
    CHILD_OF = "child_of", _("part of")
    CAUSED_BY = "caused_by", _("caused by")
    FIXED_BY = "fixed_by", _("fixed by")
    ANSWERED_WITH = "answered_with", _("answered with")
    RAISED_FROM = "raised_from", _("raised from")
    NEEDS = "needs", _("comes after")
    RELEASED_IN = "released_in", _("released in")
    RELATED_TO = "related_to", _("related to")


REVERSE_LABELS = {
    LinkKind.DUPLICATE_OF: _("has the duplicate"),
    LinkKind.CHILD_OF: _("has the part"),
    LinkKind.CAUSED_BY: _("caused"),
    LinkKind.FIXED_BY: _("fixes"),
    LinkKind.ANSWERED_WITH: _("answered"),
    LinkKind.RAISED_FROM: _("gave rise to"),
    LinkKind.NEEDS: _("comes before"),
    LinkKind.RELEASED_IN: _("releases"),
    LinkKind.RELATED_TO: _("related to"),
}


class TaskState(TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("skipped")


class DueState(TextChoices):
    """What the next clock to expire is doing; kept on the record for lists."""

    NONE = "", _("no clock")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    DONE = "done", _("finished")
