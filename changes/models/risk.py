"""The risk questionnaire as data, and what was answered for each change (domain reference A5.2)."""

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
    """

    key = models.SlugField(_("short name"), max_length=40, unique=True)
    question = models.CharField(_("question"), max_length=200)
    help = models.TextField(_("help"), blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    raises_to = models.CharField(_("raises the risk to"), max_length=12, blank=True)
    is_active = models.BooleanField(_("asked"), default=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("risk question")
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=10), name="changes_risk_weight_in_range")
        ]

    def __str__(self) -> str:
        return self.question


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
    """What was answered for a change. The weight is kept as it was, so that a later one does not rewrite a score."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="risk_answers")
    factor = models.ForeignKey(RiskFactor, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(choices=Points.choices)
    weight = models.PositiveSmallIntegerField()
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
