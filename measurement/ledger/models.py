"""The ledger: what a measure said of a period that was over, one row for each figure ever told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..models import Grain


class Cause(models.TextChoices):
    CLOSING = "closing", _("the period was over")
    LATE = "late", _("acts told later")
    DIFFERENCE = "difference", _("the records say something else")
    BY_HAND = "by_hand", _("a person asked for it")


class LedgerReading(models.Model):
    """
    A figure of one day or month of the reporting zone, of everybody (organization 0) or of one organization.

    Rows are only ever added, which a trigger sees to: edition 1 is what was said when the period was over, each later
    one what was said in its place. The sample may go.

    :ivar definition: version of the measure. :ivar counts: sums in the order of `KPI.counts`.
    :ivar value: in the unit of the measure; null is n/a. :ivar row_count: rows that counted.
    :ivar fingerprint: SHA-256 of these rows with their amounts.
    :ivar acts: entries of the log that told of these rows after the edition before, the latest ones.
    """

    kpi = models.CharField(max_length=60)
    grain = models.CharField(max_length=5, choices=[(Grain.DAY, _("day")), (Grain.MONTH, _("month"))])
    first_day = models.DateField(_("day, or first day of the month"))
    is_sample = models.BooleanField()
    organization_id = models.BigIntegerField(default=0)
    edition = models.PositiveSmallIntegerField(_("edition"))
    definition = models.PositiveSmallIntegerField(_("definition version"))
    counts = ArrayField(models.BigIntegerField())
    value = models.FloatField(_("value"), null=True)
    row_count = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    taken_at = models.DateTimeField(_("counted"))
    cause = models.CharField(_("why"), max_length=10, choices=Cause.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=_("who"),
    )  # fmt: skip
    acts = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = _("reading of the ledger")
        verbose_name_plural = _("readings of the ledger")
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "is_sample", "grain", "organization_id", "first_day", "edition"],
                name="kpi_ledger_reading_once",
            ),
            models.CheckConstraint(condition=Q(edition__gte=1), name="kpi_ledger_edition"),
        ]
        indexes = [
            models.Index(fields=["-taken_at", "-id"], condition=Q(edition__gt=1), name="kpi_ledger_restated"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.grain} {self.first_day} #{self.edition}"


class LateFact(models.Model):
    """A record that an act has touched counts, or counted, on a day that was closed: look at its figures again."""

    family = models.CharField(max_length=40)
    day = models.DateField()
    record_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("late fact")
        constraints = [models.UniqueConstraint(fields=["day", "family", "record_id"], name="kpi_ledger_late_once")]

    def __str__(self) -> str:
        return f"{self.family} {self.day}: {self.record_id}"


class Closing(models.Model):
    """Up to which day the periods of a measure are closed, that day not included."""

    kpi = models.CharField(max_length=60)
    is_sample = models.BooleanField()
    closed_to = models.DateField()

    class Meta:
        verbose_name = _("closing of a measure")
        constraints = [models.UniqueConstraint(fields=["kpi", "is_sample"], name="kpi_ledger_closing_once")]

    def __str__(self) -> str:
        return f"{self.kpi} to {self.closed_to}"
