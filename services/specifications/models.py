"""Versions of what a service is said to be, and the statements in their cells."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from ..models import Offering, Service
from .enums import Call, Cell

LONGEST_TEXT = 300
LONGEST_REASON = 500


class SpecificationQuerySet(models.QuerySet["Specification"]):
    def drafts(self) -> Self:
        return self.filter(decided_at=None)

    def decided(self) -> Self:
        return self.filter(decided_at__isnull=False)

    def in_force(self, on: date) -> Self:
        """At most one for each service: the latest that began on this day or before it."""
        begun = Specification.objects.decided().filter(service=OuterRef("service"), valid_from__lte=on)
        latest = begun.order_by("-valid_from", "-number").values("pk")[:1]
        return self.filter(pk=Subquery(latest))

    def begun_unnoticed(self, on: date) -> Self:
        """Those that hold on this day and whose beginning was not written down yet."""
        return self.filter(begun_at=None, decided_at__isnull=False, valid_from__lte=on).in_force(on)


class Specification(models.Model):
    """
    One version of what a service is said to be. A draft until somebody decides from which day on it holds.

    Which one is in force on a day is read from the days, so that it needs nobody to switch. What was decided is never
    changed; only a draft is edited, and `revision` counts its edits.

    :ivar begun_at: when it was noticed that its day had come, so that people are told once; None for one that another
        took the place of before.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, db_index=False, related_name="specifications")
    number = models.PositiveIntegerField(_("version"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"))
    valid_from = models.DateField(_("in force from"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("put in force by"),
    )
    decided_at = models.DateTimeField(_("put in force"), null=True, editable=False)
    begun_at = models.DateTimeField(_("noticed in force"), null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = SpecificationQuerySet.as_manager()

    class Meta:
        ordering = ["service", "-number"]
        verbose_name = _("service specification")
        verbose_name_plural = _("service specifications")
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="specifications_numbered_once"),
            models.UniqueConstraint(
                fields=["service"], condition=Q(decided_at=None), name="specifications_one_draft_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, valid_from=None) | Q(decided_at__isnull=False, valid_from__isnull=False),
                name="specifications_decided_for_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["service", "-valid_from", "-number"], name="specifications_on_a_day"),
            models.Index(
                fields=["valid_from"],
                condition=Q(begun_at=None, decided_at__isnull=False),
                name="specifications_unnoticed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.decided_at is None


class Statement(models.Model):
    """
    One sentence in a cell: something that the customer gets, or that we do.

    :ivar key: stays from version to version, whatever the sentence says.
    :ivar also: other words that people use for it. :ivar call: what a call about it is, where the cell alone says less.
    :ivar offering: whose customers it is for; None for all. :ivar bound: what of an agreement or of a measure it puts a
        number on, as `bounds` knows it; empty where nothing is measured. :ivar value: that number, in the unit of it.
    """

    specification = models.ForeignKey(
        Specification, on_delete=models.CASCADE, db_index=False, related_name="statements"
    )
    key = models.PositiveIntegerField()
    cell = models.CharField(_("cell"), max_length=22, choices=Cell.choices)
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("statement"), max_length=LONGEST_TEXT)
    also = models.CharField(_("people also say"), max_length=LONGEST_TEXT, blank=True)
    call = models.CharField(_("a call about it is"), max_length=9, choices=Call.choices, blank=True)
    offering = models.ForeignKey(
        Offering,
        on_delete=models.RESTRICT,
        null=True,
        related_name="statements",
        verbose_name=_("only for the offering"),
    )
    bound = models.CharField(_("measured by"), max_length=60, blank=True)
    value = models.DecimalField(_("bound"), max_digits=12, decimal_places=3, null=True)
    words = models.GeneratedField(
        expression=SearchVector("text", "also", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering = ["cell", "position", "id"]
        verbose_name = _("statement of a service specification")
        constraints = [
            models.UniqueConstraint(fields=["specification", "key"], name="specifications_statement_once"),
            models.CheckConstraint(condition=Q(cell__in=Cell.values), name="specifications_cell_known"),
            models.CheckConstraint(condition=~Q(text=""), name="specifications_statement_says_what"),
            models.CheckConstraint(
                condition=Q(bound="", value=None) | ~Q(bound="") & Q(value__gte=0), name="specifications_bound_is_whole"
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="specifications_words"),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="specifications_text_typed"),
            GinIndex(fields=["also"], opclasses=["gin_trgm_ops"], name="specifications_also_typed"),
        ]

    def __str__(self) -> str:
        return self.text
