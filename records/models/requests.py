"""Repeated requests that must act once."""

from django.conf import settings
from django.db import models


class IdempotencyKey(models.Model):
    """
    A key that a caller gave to a creating request, with the answer they got. Kept for 24 hours.

    Unique per person and key: the insert decides who won. `status` is empty while the first request still runs.
    Forms carry such a key too, as a token that works once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="records_idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="records_idempotency_age")]

    def __str__(self) -> str:
        return self.key
