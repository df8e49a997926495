"""Dashboards and their tiles."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..figures import Figure
from ..sharing import Shared, SharedQuerySet
from .enums import By, Kind

WIDEST = 3


class Dashboard(Shared):
    """:ivar slug: of those that come with Steward; empty for those of people. :ivar range: days shown at first."""

    slug = models.SlugField(max_length=40, null=True, unique=True)
    range = models.CharField(_("days"), max_length=4, default="30d")

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("dashboard")
        verbose_name_plural = _("dashboards")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None, slug__isnull=False) | Q(owner__isnull=False, slug=None),
                name="dashboards_shipped_or_owned",
            )
        ]
        indexes = [models.Index(fields=["owner", "name"], name="dashboards_own")]

    def get_absolute_url(self) -> str:
        return reverse("dashboards:dashboard", args=[self.pk])


class Tile(models.Model):
    """
    One part of a dashboard. :ivar width: columns of three. :ivar query: of tickets, as typed in the queue.
    :ivar filters: dimension -> value, as addresses say them: `{"team": "networks"}`. :ivar figure: of a duration.
    """

    dashboard = models.ForeignKey(Dashboard, on_delete=models.CASCADE, related_name="tiles")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("shows"), max_length=8, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120, blank=True)
    kpi = models.CharField(_("measure"), max_length=80, blank=True)
    by = models.CharField(_("split by"), max_length=12, choices=By.choices, blank=True)
    filters = models.JSONField(default=dict)
    figure = models.CharField(_("figure"), max_length=8, choices=Figure.choices, default=Figure.MEAN)
    query = models.CharField(_("tickets"), max_length=500, blank=True)
    width = models.PositiveSmallIntegerField(
        _("width"), default=1, validators=[MinValueValidator(1), MaxValueValidator(WIDEST)]
    )
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dashboard", "position", "id"]
        verbose_name = _("tile")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="dashboards_tile_kind_known"),
            models.CheckConstraint(condition=Q(figure__in=Figure.values), name="dashboards_tile_figure_known"),
            models.CheckConstraint(condition=Q(width__range=(1, WIDEST)), name="dashboards_tile_width_in_range"),
            models.CheckConstraint(
                condition=Q(kind="records", kpi="") | (~Q(kind="records") & ~Q(kpi="")),
                name="dashboards_tile_shows_one",
            ),
            models.CheckConstraint(condition=~Q(kind="split") | ~Q(by=""), name="dashboards_tile_split_by_something"),
        ]
        indexes = [models.Index(fields=["dashboard", "position"], name="dashboards_tile_order")]

    def __str__(self) -> str:
        return self.title or self.kpi or self.query
