"""Procedures on records: which version a record met at a step, and what was ticked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Record

from .procedures import ProcedureStep, ProcedureVersion


class Place(models.Model):
    """
    At which step of its process a kind of record is in a state, as its practice declares it.

    A copy for the database, which stamps records by it; made anew after each migration.
    """

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=30)
    process = models.CharField(max_length=12)
    step = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "state"], name="procedures_place_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Visit(models.Model):
    """
    One stay of a record at a step of its process, with the version that was in force when it came.

    The database writes it with the record itself (migration 0002), so that no door can forget it. Later versions don't
    touch it.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, related_name="procedure_visits")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="visits")
    process = models.CharField(max_length=12)
    step = models.CharField(max_length=20)
    entered_at = models.DateTimeField(_("came"))
    left_at = models.DateTimeField(_("went on"), null=True)

    class Meta:
        verbose_name = _("procedure of a record")
        verbose_name_plural = _("procedures of records")
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=Q(left_at=None), name="procedures_one_visit_at_a_time")
        ]
        indexes = [models.Index(fields=["record", "-id"], name="procedures_visit_record")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.process} {self.step}"


class Tick(models.Model):
    """A step that was done on a record, by whom and when; taken back with a reason, it stays to be read."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, db_index=False, related_name="ticks")
    step = models.ForeignKey(ProcedureStep, on_delete=models.PROTECT, related_name="ticks")
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ticked_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("step that was done")
        verbose_name_plural = _("steps that were done")
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "step"], condition=Q(undone_at=None), name="procedures_ticked_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undo_reason="") | (Q(undone_at__isnull=False) & ~Q(undo_reason="")),
                name="procedures_undone_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["visit", "id"], name="procedures_tick_visit")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.step_id}"
