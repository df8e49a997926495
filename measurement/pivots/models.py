"""Saved tables of measures."""

from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..dashboards.enums import By
from ..sharing import Shared, SharedQuerySet
from .enums import Across


class Pivot(Shared):
    """:ivar query: days and filters, as the address of the table says them."""

    kpi = models.CharField(_("measure"), max_length=80)
    rows = models.CharField(_("down"), max_length=12, choices=By.choices)
    columns = models.CharField(_("across"), max_length=12, choices=Across.choices)
    query = models.CharField(max_length=1000, blank=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("table of a measure")
        verbose_name_plural = _("tables of measures")
        constraints = [
            models.CheckConstraint(condition=~Q(rows=models.F("columns")), name="pivots_two_dimensions"),
            models.CheckConstraint(condition=Q(owner__isnull=False), name="pivots_owned"),
        ]
        indexes = [models.Index(fields=["owner", "name"], name="pivots_own")]

    @property
    def parameters(self) -> dict[str, str]:
        """Everything that its address says."""
        return QueryDict(self.query).dict() | {"kpi": self.kpi, "rows": self.rows, "columns": self.columns}

    def get_absolute_url(self) -> str:
        return reverse("pivots:table", args=[self.pk])
