"""What was learned from finished clocks, what it says of running ones, and how right it was. All of it is derived."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records.models import Record, of_visible

from ..models import Clock


class Curve(models.Model):
    """
    How far finished clocks that are alike came, written anew with each learning.

    `met[n]` clocks stopped in time with n twentieths of their target used; `missed` used all of it. Of those that had
    used n twentieths or more there were `missed + sum(met[n:])`.
    """

    is_sample = models.BooleanField()
    group = models.CharField(max_length=120, help_text=_("what is alike, from coarse to fine"))
    met = ArrayField(models.PositiveIntegerField())
    missed = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("curve")
        constraints = [models.UniqueConstraint(fields=["is_sample", "group"], name="forecasts_curve_once")]

    def __str__(self) -> str:
        return self.group


class Lesson(models.Model):
    """When the curves were learned, from how many clocks, and how they did on later clocks that they had not seen."""

    is_sample = models.BooleanField(unique=True)
    learned_at = models.DateTimeField(_("learned"))
    clocks = models.PositiveIntegerField(_("finished clocks"))
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    tried = models.PositiveIntegerField(_("forecasts tried"), default=0)
    tried_clocks = models.PositiveIntegerField(default=0)
    tried_from_at = models.DateTimeField(null=True)
    score = models.FloatField(_("Brier score"), null=True)
    score_of_kind = models.FloatField(null=True, help_text=_("of knowing only the kind of clock and how far it is"))
    deciles = models.JSONField(default=list, help_text=_("[forecasts, mean chance, share missed] from low to high"))

    class Meta:
        verbose_name = _("lesson")

    def __str__(self) -> str:
        return f"{self.learned_at:%Y-%m-%d}"

    @property
    def is_indicative(self) -> bool:
        """Whether too few forecasts were tried to lean on the score."""
        return self.tried < 100

    @property
    def gain_percent(self) -> float | None:
        """How much better than knowing only the kind of clock and how far it is, in percent; negative is worse."""
        if self.score is None or not self.score_of_kind:
            return None
        return 100 * (1 - self.score / self.score_of_kind)


class ForecastQuerySet(models.QuerySet["Forecast"]):
    def visible_to(self, user: Any) -> Self:
        """Forecasts about records that the person may see."""
        if not access_of(user).allows("forecast.view"):
            return self.none()
        return of_visible(self, user)

    def standing(self) -> Self:
        """Those whose clock still runs and has not passed its target since it was looked at."""
        return self.filter(clock__state="running", clock__breached_at=None)


class Forecast(models.Model):
    """What the history of clocks alike says of one that is due in this shift. Written anew every few minutes."""

    clock = models.OneToOneField(Clock, on_delete=models.CASCADE, related_name="forecast")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    chance = models.FloatField(_("chance to miss"), null=True, help_text=_("from 0 to 1; empty: too few alike"))
    rank = models.FloatField(help_text=_("the chance, or -1 without one: what lists go by"))
    twentieths = models.PositiveSmallIntegerField(_("twentieths of the target used"))
    group = models.CharField(max_length=120, help_text=_("the finest group with enough clocks"))
    alike = models.PositiveIntegerField(_("clocks alike that came this far"))
    alike_missed = models.PositiveIntegerField(_("of them missed"))
    due_at = models.DateTimeField(_("due"))
    shift_ends_at = models.DateTimeField(_("shift ends"))
    looked_at = models.DateTimeField(_("as of"))

    objects = ForecastQuerySet.as_manager()

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        constraints = [
            models.CheckConstraint(condition=Q(chance=None) | Q(chance__range=(0, 1)), name="forecasts_chance_in_range")
        ]
        indexes = [models.Index(F("rank").desc(), F("id").desc(), name="forecasts_by_rank")]

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.chance}"
