"""Scheduled reports of measures, their runs, and a letter for each receiver."""

from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.access import access_of

from ..dashboards.models import Dashboard
from .enums import Every, Outcome

PERSON = settings.AUTH_USER_MODEL


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; all for those who oversee them."""
        access = access_of(user)
        if access.allows("dashboard.oversee") and not access.rows("dashboard.oversee", own=Q(pk__in=[])):
            return self.all()
        return self.filter(owner=user.pk) if access.allows("dashboard.schedule") else self.none()

    def received_by(self, user: Any) -> Self:
        """Those that the person gets, or got until they left."""
        return self.filter(Q(receivers=user.pk) | Q(leavings__user=user.pk)).distinct()


class Schedule(models.Model):
    """
    A dashboard, one measure as its page shows it, or another page of numbers, sent to people time and again.

    Everybody gets the numbers of their own rights. :ivar page: key of a source. :ivar query: of the page.
    :ivar minute: of the day in `zone`.
    :ivar next_at: when it goes out next; kept while it is paused, and made anew when it goes on.
    :ivar paused_reason: why Steward paused it by itself.
    """

    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    dashboard = models.ForeignKey(
        Dashboard, on_delete=models.CASCADE, null=True, related_name="schedules", verbose_name=_("dashboard")
    )
    kpi = models.CharField(_("measure"), max_length=80, blank=True)
    page = models.CharField(_("page"), max_length=40, blank=True)
    query = models.CharField(max_length=1000, blank=True)
    has_pdf = models.BooleanField(_("PDF attached"), default=True)
    has_csv = models.BooleanField(_("CSV attached"), default=False)
    every = models.CharField(_("how often"), max_length=5, choices=Every.choices, default=Every.WEEK)
    weekday = models.PositiveSmallIntegerField(_("weekday"), default=0, validators=[MaxValueValidator(6)])
    month_day = models.PositiveSmallIntegerField(
        _("day of the month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    minute = models.PositiveSmallIntegerField(_("time"), default=420, validators=[MaxValueValidator(1439)])
    zone = models.CharField(_("time zone"), max_length=64)
    receivers: Any = models.ManyToManyField(PERSON, related_name="+", verbose_name=_("receivers"))
    next_at = models.DateTimeField(_("next"))
    is_paused = models.BooleanField(_("paused"), default=False)
    paused_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(dashboard__isnull=False, kpi="", page="")
                | Q(dashboard=None, page="") & ~Q(kpi="")
                | Q(dashboard=None, kpi="") & ~Q(page=""),
                name="schedules_sends_one_thing",
            ),
            models.CheckConstraint(condition=Q(every__in=Every.values), name="schedules_every_known"),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, month_day__range=(1, 31), minute__lte=1439), name="schedules_time_in_range"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(is_paused=False), name="schedules_due"),
            models.Index(fields=["owner", "name"], name="schedules_own"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("schedules:schedule", args=[self.pk])

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def clock(self) -> str:
        return f"{self.minute // 60:02}:{self.minute % 60:02}"


class Leaving(models.Model):
    """A receiver who left by themselves; nobody but they themselves puts them back."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, db_index=False, related_name="leavings")
    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("left"))

    class Meta:
        ordering = ["schedule", "at"]
        verbose_name = _("receiver who left")
        constraints = [models.UniqueConstraint(fields=["schedule", "user"], name="schedules_left_once")]

    def __str__(self) -> str:
        return f"{self.user_id} left {self.schedule_id}"


class Run(models.Model):
    """One time that a report went out."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, db_index=False, related_name="runs")
    due_at = models.DateTimeField(_("due"))
    began_at = models.DateTimeField(_("begun"))

    class Meta:
        ordering = ["-due_at", "-id"]
        verbose_name = _("run of a report")
        constraints = [models.UniqueConstraint(fields=["schedule", "due_at"], name="schedules_run_once")]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_at:%Y-%m-%d}"


class Letter(models.Model):
    """The mail of a run to one receiver: to be sent, sent, left out, or given up."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, db_index=False, related_name="letters")
    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    retry_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["run", "user__name", "id"]
        verbose_name = _("letter")
        constraints = [models.UniqueConstraint(fields=["run", "user"], name="schedules_letter_once")]
        indexes = [models.Index(fields=["retry_at"], condition=Q(retry_at__isnull=False), name="schedules_letter_due")]

    def __str__(self) -> str:
        return f"{self.run_id} to {self.user_id}"

    @property
    def outcome(self) -> Outcome:
        if self.sent_at:
            return Outcome.SENT
        if self.retry_at:
            return Outcome.WAITING
        return Outcome.FAILED if self.error else Outcome.LEFT_OUT
