"""Readings of measures: what was counted per day and place. Derived from the records, and rebuildable from them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Grain(models.TextChoices):
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")


class Cube(models.TextChoices):
    """
    Which dimensions a sheet keeps apart: the fewer, the fewer cells there are to add up.

    A question is answered from the first of these that has the dimensions it names.
    """

    TOTAL = "total", _("nothing")
    WORK = "work", _("service and team")
    CUSTOMER = "customer", _("organization and priority")
    ALL = "all", _("service, team, organization and priority")


class Reading(models.Model):
    """
    What a family counted on one day of the reporting zone, or in one month of them: all cells of a cube in one row.

    A cell is a place and its amounts. Packed (`measurement.cells`), a day of thousand tickets takes some ten thousand
    bytes instead of a thousand rows with their index; that makes counting, recounting and reading of years cheap.
    Coarser periods and fewer dimensions are sums of the same finest cells, so no total can differ from its parts.

    Months stand for days that lie some time back; which, says `FamilyState.months_to`. Single values (`measurement.
    singles`) stand with days only.
    """

    pk = models.CompositePrimaryKey("family", "cube", "is_sample", "grain", "first_day")
    family = models.CharField(max_length=40)
    cube = models.CharField(max_length=8, choices=Cube.choices)
    is_sample = models.BooleanField()
    grain = models.CharField(max_length=5, choices=[(Grain.DAY, _("day")), (Grain.MONTH, _("month"))])
    first_day = models.DateField(_("day, or first day of the month"))
    definition = models.PositiveSmallIntegerField(_("definition version"))
    cells = models.BinaryField(_("cells"))
    singles = models.BinaryField(_("single values"), default=bytes)

    class Meta:
        verbose_name = _("reading")

    def __str__(self) -> str:
        return f"{self.family} {self.cube} {self.grain} {self.first_day}"


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
    """
    With which definition and in which zone the readings of a family were counted; other ones mean: count anew.

    Before `months_to` readings of whole months stand beside those of days.
    """

    family = models.CharField(max_length=40, unique=True)
    definition = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    months_to = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.family} v{self.definition}"


class Recount(models.Model):
    """
    A full count that a person asked for, and how far it is. One at a time.

    :ivar error: what went wrong, in words; empty while nothing did.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("who")
    )
    asked_at = models.DateTimeField(_("asked"))
    worked_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    current = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("full count")
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=models.Q(ended_at=None), name="measurement_one_recount")
        ]

    def __str__(self) -> str:
        return f"{self.done} of {self.total}"
