"""The risk questionnaire as data, and what was answered for each change (domain reference A5.2)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import Points
from .change import Change


class RiskFactor(models.Model):
    """
    One plain question, with the weight of its answer in the score.

    `raises_to` is the least band of a change whose answer has all 4 points, whatever the score says: no back-out makes
    a change at least high.

    `version` counts its edits. What each number said stands in `RiskFactorVersion` for good.
    """

    key = models.SlugField(_("short name"), max_length=40, unique=True)
    question = models.CharField(_("question"), max_length=200)
    help = models.TextField(_("help"), blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    raises_to = models.CharField(_("raises the risk to"), max_length=12, blank=True)
    is_active = models.BooleanField(_("asked"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("risk question")
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=10), name="changes_risk_weight_in_range")
        ]

    def __str__(self) -> str:
        return self.question

    def as_document(self) -> dict[str, Any]:
        """What it says, as `RiskFactorVersion` keeps it; one query for the answers unless they were fetched."""
        return {
            "question": self.question,
            "help": self.help,
            "weight": self.weight,
            "raises_to": self.raises_to,
            "answers": [[choice.points, choice.label] for choice in self.choices.all()],
        }


class RiskFactorVersion(models.Model):
    """
    What a question was under one number. Written once, never changed.

    :ivar created_at: None for what came with Steward.
    """

    factor = models.ForeignKey(RiskFactor, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    document = models.JSONField()
    created_at = models.DateTimeField(_("since"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        ordering = ["factor", "-number"]
        verbose_name = _("version of a risk question")
        constraints = [models.UniqueConstraint(fields=["factor", "number"], name="changes_risk_version_once")]

    def __str__(self) -> str:
        return f"{self.factor_id} v{self.number}"


class RiskChoice(models.Model):
    """One possible answer, with its points."""

    factor = models.ForeignKey(RiskFactor, on_delete=models.CASCADE, related_name="choices")
    points = models.PositiveSmallIntegerField(_("points"), choices=Points.choices)
    label = models.CharField(_("answer"), max_length=120)

    class Meta:
        ordering = ["points"]
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(fields=["factor", "points"], name="changes_risk_choice_once"),
            models.CheckConstraint(condition=Q(points__lte=4), name="changes_risk_points_in_range"),
        ]

    def __str__(self) -> str:
        return self.label


class RiskAnswer(models.Model):
    """
    What was answered for a change, to which version of the question.

    The weight is kept as it was, so that a later one does not rewrite a score.

    :ivar is_for_less: the change has come to touch more since; the question is to be answered anew.
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="risk_answers")
    factor = models.ForeignKey(RiskFactor, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(choices=Points.choices)
    weight = models.PositiveSmallIntegerField()
    factor_version = models.PositiveIntegerField(default=1)
    is_for_less = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["factor__position", "factor_id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "factor"], name="changes_risk_answer_once"),
            models.CheckConstraint(condition=Q(points__lte=4), name="changes_risk_answer_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.factor_id}: {self.points}"
