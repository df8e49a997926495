"""Report plans: for whom a report is made each month, by whom, and who gets it."""

from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.months import Month
from people.access import access_of
from people.models import Organization


class ReportPlanQuerySet(models.QuerySet["ReportPlan"]):
    def visible_to(self, user: Any) -> Self:
        """Plans for the customers whose reports the person may see from inside."""
        access = access_of(user)
        return (
            self.filter(access.rows("report.view", own=Q(pk__in=[]))) if access.allows("report.view") else self.none()
        )


class ReportPlan(models.Model):
    """
    The definition of the monthly report for one customer: purpose, period, contents, receivers.

    `zone` says when a month begins and ends. Chapters named in `left_out` are not told to this customer.
    """

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, related_name="report_plan", verbose_name=_("customer")
    )
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    zone = models.CharField(_("time zone of the month"), max_length=64)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who prepares it"),
    )  # fmt: skip
    receivers: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="report_plans", verbose_name=_("who gets it")
    )
    first_month = models.DateField(_("first month"))
    left_out = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, verbose_name=_("chapters left out")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReportPlanQuerySet.as_manager()

    class Meta:
        ordering = ["organization__name"]
        verbose_name = _("report plan")
        verbose_name_plural = _("report plans")
        constraints = [
            models.CheckConstraint(condition=Q(first_month__day=1), name="reports_plan_begins_with_a_month"),
        ]

    def __str__(self) -> str:
        return str(self.organization)

    def get_absolute_url(self) -> str:
        return reverse("reports:plan", args=[self.pk])

    def month(self, slug_or_date: Any) -> Month:
        """A month in the zone of the plan."""
        return Month(slug_or_date, ZoneInfo(self.zone))
