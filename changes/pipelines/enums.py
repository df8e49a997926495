"""What becomes of a pipeline's question whether it may deploy."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    REFUSED = "refused", _("refused")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    ROLLED_BACK = "rolled_back", _("rolled back")


class Result(TextChoices):
    """What a pipeline can report."""

    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    ROLLED_BACK = "rolled_back", _("rolled back")


FINISHED = (State.SUCCEEDED, State.FAILED, State.ROLLED_BACK)
