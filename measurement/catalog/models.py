"""What is wanted of measures, and the success factors that they show."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Rollup(models.TextChoices):
    WORST = "worst", _("as bad as the worst of its measures")
    WEIGHTED = "weighted", _("the mean of its measures, by weight")


class Handling(models.Model):
    """
    What is wanted of one measure, where it is not what the measure was delivered with.

    What stood before is in the log of acts. `near` lies on the wrong side of the target: from there on a miss is no
    longer a near one.
    """

    kpi = models.CharField(max_length=60, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False,
        verbose_name=_("owner"),
    )  # fmt: skip
    target = models.FloatField(_("target"), null=True)
    near = models.FloatField(_("threshold"), null=True)
    version = models.PositiveIntegerField(default=0)
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("handling of a measure")
        constraints = [
            models.CheckConstraint(
                condition=Q(near__isnull=True) | Q(target__isnull=False), name="kpi_catalog_near_has_target"
            ),
        ]

    def __str__(self) -> str:
        return self.kpi


class Factor(models.Model):
    """Something that must go well (a critical success factor), shown by some measures."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    statement = models.CharField(_("what must be true"), max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False,
        verbose_name=_("owner"),
    )  # fmt: skip
    rollup = models.CharField(_("state"), max_length=8, choices=Rollup.choices, default=Rollup.WORST)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("success factor")
        verbose_name_plural = _("success factors")
        ordering = [F("position").asc(), "name", "pk"]

    def __str__(self) -> str:
        return self.name


class FactorMeasure(models.Model):
    """A measure that shows whether a success factor holds. :ivar weight: counts where the state is a mean."""

    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="measures")
    kpi = models.CharField(max_length=60)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("measure of a success factor")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["factor", "kpi"], name="kpi_catalog_measure_once"),
            models.CheckConstraint(condition=Q(weight__range=(1, 100)), name="kpi_catalog_weight_range"),
        ]

    def __str__(self) -> str:
        return self.kpi
