"""Incidents that look like a problem that was thought to be fixed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Record

from .problem import Problem


class RecurrenceMatch(models.Model):
    """An incident that came while a problem was watched and looks like it. `evidence` says in what."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="matches")
    incident = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField()
    score = models.FloatField()
    evidence = models.JSONField(default=dict)
    is_confirmed = models.BooleanField(default=False)
    explained_at = models.DateTimeField(null=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    explanation = models.CharField(_("why it is something else"), max_length=300, blank=True)

    class Meta:
        ordering = ["-found_at", "-id"]
        verbose_name = _("incident that looks like it")
        constraints = [
            models.UniqueConstraint(fields=["problem", "incident"], name="problems_match_once"),
            models.CheckConstraint(
                condition=Q(explained_at=None, explanation="") | Q(explained_at__isnull=False) & ~Q(explanation=""),
                name="problems_match_explained_with_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["problem"],
                condition=Q(explained_at=None, is_confirmed=False),
                name="problems_match_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} looks like {self.problem_id}"

    @property
    def is_explained(self) -> bool:
        return self.explained_at is not None
