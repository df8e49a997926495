"""States of a simulation, and what it finds for a clock."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")


ENDED = (State.DONE, State.STOPPED)


class Effect(TextChoices):
    """What the draft would have changed. Of finished clocks the verdict counts, of open ones where they stand now."""

    NEWLY_MISSED = "newly_missed", _("missed, was met")
    NEWLY_MET = "newly_met", _("met, was missed")
    EARLIER = "earlier", _("due earlier")
    LATER = "later", _("due later")
    USED = "used", _("other time used")
    NOT_PROMISED = "not_promised", _("no longer promised")
