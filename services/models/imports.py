"""Imports of items from another tool: the rows as they came, what each would do, and what was done."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .items import ConfigurationItem


class ItemImport(models.Model):
    """
    One file. It is read and checked first; nothing is written to items until somebody applies it, and then all at once.

    :cvar counts: rows by outcome, and `relations` to be added, once checked.
    """

    class Stage(models.TextChoices):
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked, nothing written yet")
        APPLYING = "applying", _("being written")
        APPLIED = "applied", _("written")
        FAILED = "failed", _("not written")
        DISCARDED = "discarded", _("discarded")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    file_name = models.CharField(_("file"), max_length=200)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.CHECKING)
    stage_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list, help_text=_("sentences about the file as a whole"))
    takes_theirs = models.BooleanField(default=False)
    skips_problems = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import of items")
        verbose_name_plural = _("imports of items")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["checking", "checked", "applying", "applied", "failed", "discarded"]),
                name="services_import_stage_known",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """
    One row of the file.

    `said` is what the row says, by column; `fields` the same in our terms; `changes` what would change, as
    field -> [ours, theirs]; `conflicts` likewise where somebody changed our value since the latest import.
    """

    class Outcome(models.TextChoices):
        ADD = "add", _("new")
        UPDATE = "update", _("changed")
        SAME = "same", _("unchanged")
        CONFLICT = "conflict", _("conflict")
        PROBLEM = "problem", _("problem")

    run = models.ForeignKey(ItemImport, on_delete=models.CASCADE, related_name="lines", db_index=False)
    line = models.PositiveIntegerField(_("line"))
    key = models.CharField(_("key"), max_length=200)
    name = models.CharField(_("name"), max_length=200)
    said = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    relations = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    changes = models.JSONField(default=dict)
    conflicts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    item = models.ForeignKey(ConfigurationItem, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    item_version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["line"]
        verbose_name = _("row of an import")
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="services_import_line_once")]
        indexes = [
            models.Index(fields=["run", "outcome", "line"], name="services_import_outcome"),
            models.Index(fields=["run", "key"], name="services_import_key"),
            models.Index(fields=["item"], condition=Q(item__isnull=False), name="services_import_item"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line}"
