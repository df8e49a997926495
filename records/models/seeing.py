"""What a person has seen of records, and what they do after an answer: theirs alone, and never logged."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .record import Record


class Seen(models.Model):
    """
    When a person last looked at a record. What others change later shows as unread in their lists.

    A moment before the record began says that the person has marked it unread.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "record"], name="records_seen_once")]

    def __str__(self) -> str:
        return f"{self.user_id} saw {self.record_id}"


class Skip(models.Model):
    """A ticket that somebody passed over when it was served to them, and why. It is not served to them for a while."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="skips")
    reason = models.CharField(_("why"), max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "record"], name="records_skip_once")]
        indexes = [models.Index(fields=["at"], name="records_skip_age")]

    def __str__(self) -> str:
        return f"{self.user_id} skipped {self.record_id}"


class AfterReply(models.TextChoices):
    """Where an agent goes once a reply was sent."""

    STAY = "stay", _("stay here")
    NEXT = "next", _("next ticket")
    LIST = "list", _("back to the list")


class Habit(models.Model):
    """How a person works with tickets. Who has none stays on the ticket."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    after_reply = models.CharField(max_length=8, choices=AfterReply.choices, default=AfterReply.STAY)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.after_reply}"
