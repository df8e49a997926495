"""The way over the seven steps: what was answered, where the pointer went, which ways were weighed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..enums import Step
from .improvement import Improvement


class Answer(models.Model):
    """
    What was said about one step in one loop; earlier loops keep theirs.

    :ivar texts: name of the question -> answer, those of `steps.QUESTIONS`.
    """

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="answers")
    loop = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField(choices=Step.choices)
    texts = models.JSONField(default=dict)
    skip_reason = models.CharField(_("why skipped"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["loop", "step"]
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(fields=["improvement", "loop", "step"], name="improvement_answer_once"),
            models.CheckConstraint(condition=Q(step__range=(1, 7)), name="improvement_answer_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.loop}.{self.step}"


class Stride(models.Model):
    """One step of the pointer. Going back opens `loop`, and its reason stands here."""

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="strides")
    loop = models.PositiveSmallIntegerField()
    step_from = models.PositiveSmallIntegerField(choices=Step.choices)
    step_to = models.PositiveSmallIntegerField(choices=Step.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("move of the pointer")
        constraints = [
            models.CheckConstraint(
                condition=Q(step_to__gt=F("step_from")) | ~Q(reason=""), name="improvement_back_with_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.step_from} > {self.step_to}"

    @property
    def is_back(self) -> bool:
        return self.step_to <= self.step_from


class Option(models.Model):
    """One way to get there, scored; one of them is chosen."""

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="options")
    loop = models.PositiveSmallIntegerField()
    text = models.CharField(_("way"), max_length=300)
    value = models.PositiveSmallIntegerField(_("value"))
    effort = models.PositiveSmallIntegerField(_("effort"))
    risk = models.PositiveSmallIntegerField(_("risk"))
    is_chosen = models.BooleanField(_("chosen"), default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("option")
        constraints = [
            models.CheckConstraint(
                condition=Q(value__range=(1, 5), effort__range=(1, 5), risk__range=(1, 5)),
                name="improvement_option_scored",
            ),
            models.UniqueConstraint(
                fields=["improvement", "loop"], condition=Q(is_chosen=True), name="improvement_one_chosen"
            ),
        ]

    def __str__(self) -> str:
        return self.text
