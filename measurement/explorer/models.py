"""Files of measures, each made by a worker for the person who asked."""

from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.access import access_of

from .enums import ENDED, Format, State, What

LONGEST_QUERY = 1000


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: Any) -> Self:
        """One's own, as long as one may export at all."""
        return self.filter(by=user.pk) if access_of(user).allows("kpi.export") else self.none()

    def unfinished(self) -> Self:
        return self.exclude(state__in=ENDED)


class Export(models.Model):
    """
    One file: asked for, being made, ready until it expires.

    :ivar query: the address's query of the page that it was asked from. :ivar at: when; the days are those of then.
    :ivar organizations: those whose rows are in it; None for all. Whoever can't reach them any more gets no file.
    :ivar total: rows to write; `done` of them are written.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("what"), max_length=200)
    kpi = models.CharField(_("measure"), max_length=80)
    what = models.CharField(_("holds"), max_length=8, choices=What.choices)
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    organizations = ArrayField(models.BigIntegerField(), null=True)
    at = models.DateTimeField(_("asked"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows written"), default=0)
    size_bytes = models.BigIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    expires_at = models.DateTimeField(_("kept until"))

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("file of a measure")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="explorer_export_state_known"),
            models.CheckConstraint(condition=Q(what__in=What.values), name="explorer_export_what_known"),
            models.CheckConstraint(condition=Q(format__in=Format.values), name="explorer_export_format_known"),
        ]
        indexes = [
            models.Index(fields=["by", "-at"], name="explorer_export_own"),
            models.Index(fields=["expires_at"], name="explorer_export_expiry"),
            models.Index(
                fields=["id"], condition=~Q(state__in=["done", "stopped", "failed"]), name="explorer_export_unfinished"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in ENDED

    @property
    def is_ready(self) -> bool:
        return self.state == State.DONE

    @property
    def percent(self) -> int:
        return min(100 * self.done // self.total, 100) if self.total else 0

    @property
    def path(self) -> Path:
        """Where the file lies; nothing that a person typed is part of it."""
        return Path(settings.MEDIA_ROOT) / "exports" / f"{self.pk}.{self.format}"

    @property
    def file_name(self) -> str:
        return f"{self.kpi}-{self.what}-{self.at:%Y-%m-%d}.{self.format}"
