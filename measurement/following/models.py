"""What people follow: alerts on measures, and measures pinned to the first page."""

from typing import Any, Self
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from people.access import access_of

from .. import declarations, known
from ..declarations import KPI
from ..filters import RANGE_LABELS
from ..values import write
from .enums import NUMBERED, When

PERSON = settings.AUTH_USER_MODEL
OPERATION = "kpi.follow"


class FollowedQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """One's own, as long as one may see measures at all."""
        access = access_of(user)
        is_allowed = access.allows("kpi.view") and access.allows(OPERATION)
        return self.filter(owner=user.pk) if is_allowed else self.none()


class Followed(models.Model):
    """:ivar filters: dimension -> value, as addresses say them: `{"team": "networks"}`."""

    owner = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    kpi = models.CharField(_("measure"), max_length=80)
    filters = models.JSONField(default=dict)
    is_sample = models.BooleanField(default=False, editable=False)

    objects = FollowedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        try:
            # Without a statement: the inbox names many.
            return str(declarations.kpi(self.kpi).name)
        except KeyError:
            return self.kpi if self.measure is None else str(self.measure.name)

    def get_absolute_url(self) -> str:
        return f"{reverse('measurement:kpi', args=[self.kpi])}?{urlencode({'range': self.days, **self.filters})}"

    @cached_property
    def measure(self) -> KPI | None:
        """What it follows; None once nobody counts it any more. Those who list many set it from one reading."""
        return next((each for each in known.kpis() if each.id == self.kpi), None)

    @property
    def filters_text(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in sorted(self.filters.items()))

    @property
    def days(self) -> str:
        """The name of a range of days."""
        return "30d"


class Pin(Followed):
    """A measure on somebody's first page."""

    class Meta:
        ordering = ["id"]
        verbose_name = _("pinned measure")
        constraints = [
            models.UniqueConstraint(fields=["owner", "kpi", "filters"], name="kpi_following_pin_once"),
        ]


class Alert(Followed):
    """
    A wish to be told when a measure crosses a line.

    :ivar bound: the number of `above` and `below`, in the unit of the measure. :ivar is_crossed: whether it was beyond
        the line when it was looked at last; the owner is told when that becomes true, and not again before it was
        false in between. :ivar checked_at: what nothing is known of at a moment leaves `is_crossed` as it is.
    """

    when = models.CharField(_("tell me when"), max_length=10, choices=When.choices)
    bound = models.FloatField(_("number"), null=True)
    range = models.CharField(_("days"), max_length=4, choices=RANGE_LABELS.items(), default="30d")
    is_crossed = models.BooleanField(default=False)
    crossed_at = models.DateTimeField(_("crossed"), null=True)
    created_at = models.DateTimeField(_("made"))
    checked_at = models.DateTimeField(_("looked at"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("alert on a measure")
        verbose_name_plural = _("alerts on measures")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kpi", "filters", "when", "bound", "range"], nulls_distinct=False,
                name="kpi_following_alert_once",
            ),
            models.CheckConstraint(
                condition=Q(when__in=NUMBERED, bound__isnull=False) | (~Q(when__in=NUMBERED) & Q(bound=None)),
                name="kpi_following_bound_where_needed",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["checked_at"], name="kpi_following_due")]

    @property
    def days(self) -> str:
        return self.range

    @property
    def line(self) -> str:
        """The number of one's own as people read it; empty where the line is none of one's own."""
        return "" if self.bound is None or self.measure is None else write(self.bound, self.measure.unit)


class AlertLetter(models.Model):
    """The mail about one crossing: to be sent, sent, left out, or given up. :ivar said: what was found then."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, db_index=False, related_name="letters")
    crossed_at = models.DateTimeField()
    said = models.CharField(max_length=1000)
    retry_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["alert", "crossed_at"]
        verbose_name = _("letter about an alert")
        constraints = [models.UniqueConstraint(fields=["alert", "crossed_at"], name="kpi_following_letter_once")]
        indexes = [
            models.Index(fields=["retry_at"], condition=Q(retry_at__isnull=False), name="kpi_following_letter_due")
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} at {self.crossed_at:%Y-%m-%d %H:%M}"
