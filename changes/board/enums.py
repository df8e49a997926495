"""States of meetings, kinds of items, and who came."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingState(TextChoices):
    """Planned, held (from its beginning until its minutes are closed), minuted; or cancelled."""

    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    MINUTED = "minuted", _("minutes closed")
    CANCELLED = "cancelled", _("cancelled")


class ItemKind(TextChoices):
    """In the order in which an agenda has them."""

    DECISION = "decision", _("to be decided")
    EMERGENCY = "emergency", _("emergency since the last meeting")
    FAILED = "failed", _("did not work out")
    TOPIC = "topic", _("topic")


class Attendance(TextChoices):
    INVITED = "invited", _("invited")
    PRESENT = "present", _("present")
    REPRESENTED = "represented", _("represented by their deputy")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


class Outcome(TextChoices):
    """What became of an item, worked out from the votes and what was written."""

    OPEN = "open", _("open")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    DEFERRED = "deferred", _("deferred")
    DISCUSSED = "discussed", _("discussed")
    LAPSED = "lapsed", _("nothing to decide any more")
