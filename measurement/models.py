"""Readings of measures: what was counted per day and place. Derived from the records, and rebuildable from them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Grain(models.TextChoices):
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")


class Cube(models.TextChoices):
    """
    Which dimensions a reading keeps apart.

    All four at once would give nearly as many readings as records. Questions that cross the two are counted from the
    records when asked.
    """

    WORK = "work", _("service and team")
    CUSTOMER = "customer", _("organization and priority")


class Reading(models.Model):
    """
    One cell at day grain: what a family counted on one day of the reporting zone, for one service and team or for one
    organization and priority.

    Coarser periods and fewer dimensions are sums of cells, so no total can differ from its parts. Amounts are whole
    numbers in the order in which the family names them: exact, whatever the order of adding. 0 in a dimension stands
    for "none", and for a dimension that the cube leaves out. The cell is its own key: a second index would double the
    time of a full count.
    """

    pk = models.CompositePrimaryKey(
        "family", "cube", "is_sample", "day", "service_id", "team_id", "organization_id", "priority"
    )
    family = models.CharField(max_length=40)
    definition = models.PositiveSmallIntegerField(_("definition version"))
    cube = models.CharField(max_length=8, choices=Cube.choices)
    is_sample = models.BooleanField()
    day = models.DateField(_("day"))
    service_id = models.BigIntegerField()
    team_id = models.BigIntegerField()
    organization_id = models.BigIntegerField()
    priority = models.PositiveSmallIntegerField()
    amounts = ArrayField(models.BigIntegerField())

    class Meta:
        verbose_name = _("reading")

    def __str__(self) -> str:
        return f"{self.family} {self.day}"


class Mark(models.Model):
    """
    A record that an act has touched: the next run of the task counts its days again, and then removes the mark.

    `moments` are those that the record had before the act and has no longer, so that the days it left are counted
    again as well. No foreign key: the mark outlives a record that is removed.
    """

    record_id = models.BigIntegerField()
    moments = ArrayField(models.DateTimeField(), default=list)
    marked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"record {self.record_id}"


class FamilyState(models.Model):
    """With which definition and in which zone the readings of a family were counted; other ones mean: count anew."""

    family = models.CharField(max_length=40, unique=True)
    definition = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.family} v{self.definition}"
