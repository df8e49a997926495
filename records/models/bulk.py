"""Acts on many records at once: what was asked, what came of each, and enough to take it back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .record import Record


class BulkRun(models.Model):
    """One act on a choice of records. `inputs` are plain values; they are looked up again when the work is done."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=30)
    inputs = models.JSONField(default=dict)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        verbose_name = _("act on many tickets")
        verbose_name_plural = _("acts on many tickets")
        constraints = [
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("at")), name="records_bulk_forward")
        ]

    def __str__(self) -> str:
        return f"{self.act} by {self.by_id}"


class BulkItem(models.Model):
    """One record of a run. `before` is what undoing needs; `version` is the record's when the act was done."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("waiting")
        CHANGED = "changed", _("changed")
        SKIPPED = "skipped", _("skipped")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("ticket of an act on many")
        constraints = [models.UniqueConstraint(fields=["run", "record"], name="records_bulk_item_once")]
        indexes = [
            models.Index(fields=["run", "id"], condition=Q(outcome="pending"), name="records_bulk_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.outcome}"
