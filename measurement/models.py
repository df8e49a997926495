"""Readings of KPIs: numerator and denominator per KPI, period and dimension. Derived, rebuildable from the records."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Grain(models.TextChoices):
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")


class Reading(models.Model):
    """
    One cell at day grain: which KPI, which day (of the reporting zone), which service, team, priority and organization.

    Coarser periods and fewer dimensions are sums of cells, so no total can differ from its parts.
    0 in a dimension column stands for "none".
    """

    kpi = models.CharField(_("KPI"), max_length=60)
    definition = models.PositiveSmallIntegerField(_("definition version"))
    day = models.DateField(_("day"))
    service_id = models.BigIntegerField(default=0)
    team_id = models.BigIntegerField(default=0)
    priority = models.PositiveSmallIntegerField(default=0)
    organization_id = models.BigIntegerField(default=0)
    is_sample = models.BooleanField(default=False)
    numerator = models.FloatField()
    denominator = models.FloatField()
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading")
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "day", "service_id", "team_id", "priority", "organization_id", "is_sample"],
                name="measurement_reading_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.day}"


class MarkedDay(models.Model):
    """A day whose readings of a KPI family an act has touched: recomputed by the next run of the task."""

    family = models.CharField(max_length=30)
    day = models.DateField()
    marked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["family", "day"], name="measurement_marked")]

    def __str__(self) -> str:
        return f"{self.family} {self.day}"
