"""The analysis as data: a tree of causes with evidence, what is and is not hit, what happened when."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.models import Record, Task

from ..enums import CauseGroup, CauseMethod, Confidence, Dimension
from .problem import Problem


class Cause(models.Model):
    """
    One answer to “why?”. Children say why their parent is so; a disproved cause stays, struck through.

    `position` orders the children of one parent.
    """

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="causes")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(default=0)
    method = models.CharField(_("found by"), max_length=12, choices=CauseMethod.choices)
    group = models.CharField(_("group"), max_length=12, choices=CauseGroup.choices, blank=True)
    text = models.CharField(_("cause"), max_length=500)
    confidence = models.PositiveSmallIntegerField(_("how sure"), choices=Confidence.choices, default=Confidence.GUESS)
    is_root = models.BooleanField(_("root cause"), default=False)
    disproved_at = models.DateTimeField(null=True)
    disproved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    disproved_reason = models.CharField(_("why it was ruled out"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    evidence: Any = models.ManyToManyField(Record, through="CauseEvidence", related_name="evidence_for")
    actions = models.ManyToManyField(Task, related_name="causes")

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("cause")
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="problems_cause_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(disproved_at=None) | Q(is_root=False), name="problems_cause_root_or_disproved"
            ),
            models.CheckConstraint(
                condition=Q(disproved_at=None, disproved_reason="")
                | Q(disproved_at__isnull=False) & ~Q(disproved_reason=""),
                name="problems_cause_disproved_with_reason",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="problems_cause_has_text"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_disproved(self) -> bool:
        return self.disproved_at is not None


class CauseEvidence(models.Model):
    """A record that speaks for a cause, and what it shows."""

    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="evidence_rows")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(_("what it shows"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("evidence")
        constraints = [models.UniqueConstraint(fields=["cause", "record"], name="problems_evidence_once")]

    def __str__(self) -> str:
        return f"{self.record_id} for {self.cause_id}"


class Comparison(models.Model):
    """One row of the is / is-not table of Kepner and Tregoe."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="comparisons")
    dimension = models.CharField(_("dimension"), max_length=8, choices=Dimension.choices)
    position = models.PositiveIntegerField(default=0)
    is_text = models.CharField(_("is"), max_length=500, blank=True)
    is_not_text = models.CharField(_("is not, but could be"), max_length=500, blank=True)
    distinction = models.CharField(_("what is different"), max_length=500, blank=True)
    change = models.CharField(_("what changed there"), max_length=500, blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("row of the is / is-not table")
        constraints = [
            models.CheckConstraint(
                condition=~Q(is_text="", is_not_text="", distinction="", change=""), name="problems_comparison_says"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.is_text}"


class TimelineEvent(models.Model):
    """Something that happened, as far as no record tells it."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="events")
    happened_at = models.DateTimeField(_("when"))
    text = models.CharField(_("what happened"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["happened_at", "id"]
        verbose_name = _("event")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="problems_event_has_text")]

    def __str__(self) -> str:
        return self.text
