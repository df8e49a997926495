"""Calendars as people edit them, and the frozen versions that clocks are counted with."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .business_time import CalendarSpec, DayException
from .business_time import WeeklyWindow as WeeklyWindowSpec
from .spec import MINUTES_PER_DAY


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ExceptionKind(models.TextChoices):
    HOLIDAY = "holiday", _("public holiday")
    OWN = "own", _("own exception")


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def active(self) -> "CalendarQuerySet":
        """Those that can be chosen; retired ones still count for what already uses them."""
        return self.filter(is_active=True)

    def valid_on(self, day: datetime.date) -> "CalendarQuerySet":
        """Active ones whose validity includes the date."""
        return self.active().filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        )

    def with_hours(self) -> "CalendarQuerySet":
        """With windows and exceptions in two more queries, so that `as_spec` needs none."""
        return self.prefetch_related("windows", "exceptions")


class Calendar(models.Model):
    """
    When a team or a service works: a zone, weekly windows and the days that differ.

    `version` counts the changes of its hours. What each number meant stands in `CalendarVersion` for good.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=500, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, help_text=_("IANA name such as Europe/Oslo."))
    is_always_open = models.BooleanField(_("open around the clock"), default=False)
    holiday_country = models.CharField(_("holidays of"), max_length=2, blank=True, editable=False)
    holiday_subdivision = models.CharField(_("region"), max_length=16, blank=True, editable=False)
    holiday_from_year = models.PositiveSmallIntegerField(null=True, editable=False)
    holiday_to_year = models.PositiveSmallIntegerField(null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("The first day that is out."))

    objects = CalendarQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            models.CheckConstraint(
                name="calendars_calendar_validity",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
            ),
            models.CheckConstraint(
                name="calendars_calendar_holiday_years",
                condition=Q(holiday_from_year__isnull=True, holiday_to_year__isnull=True)
                | Q(holiday_from_year__lte=F("holiday_to_year"), holiday_from_year__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def as_spec(self) -> CalendarSpec:
        """Build the specification from the rows; two queries unless `with_hours` fetched them."""
        return CalendarSpec(
            zone=self.zone,
            weekly=tuple(sorted(window.as_spec() for window in self.windows.all())),
            exceptions=tuple(sorted(exception.as_spec() for exception in self.exceptions.all())),
            always_open=self.is_always_open,
        )


class WeeklyWindow(models.Model):
    """Open on a weekday from one local minute of the day up to another; 1440 is 24:00."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    start_minute = models.PositiveSmallIntegerField(_("from"), validators=[MaxValueValidator(MINUTES_PER_DAY - 1)])
    end_minute = models.PositiveSmallIntegerField(
        _("to"), validators=[MinValueValidator(1), MaxValueValidator(MINUTES_PER_DAY)]
    )

    class Meta:
        ordering = ["weekday", "start_minute"]
        verbose_name = _("weekly window")
        verbose_name_plural = _("weekly windows")
        constraints = [
            models.CheckConstraint(name="calendars_window_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="calendars_window_order",
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=MINUTES_PER_DAY),
            ),
            ExclusionConstraint(
                name="calendars_window_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "start_minute",
                            "end_minute",
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start_minute}-{self.end_minute}"

    def as_spec(self) -> WeeklyWindowSpec:
        """Build the pure value."""
        return WeeklyWindowSpec(self.weekday, self.start_minute, self.end_minute)


class CalendarException(models.Model):
    """
    A date with other hours than its weekday: closed when it has no windows.

    Public holidays are copied from the `holidays` library, so that an update of it changes nothing by itself;
    own exceptions are written by people and outlive every refresh of the holidays.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="exceptions")
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ExceptionKind.choices, default=ExceptionKind.OWN)
    windows = ArrayField(
        ArrayField(models.PositiveSmallIntegerField(), size=2),
        verbose_name=_("hours"),
        default=list,
        blank=True,
        help_text=_("Pairs of minutes of the day; none means closed."),
    )

    class Meta:
        ordering = ["date"]
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        constraints = [
            models.UniqueConstraint(name="calendars_exception_date", fields=["calendar", "date"]),
            models.CheckConstraint(
                name="calendars_exception_kind",
                condition=Q(kind__in=[ExceptionKind.HOLIDAY, ExceptionKind.OWN]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The windows as pure values."""
        return tuple((start, end) for start, end in self.windows)

    def as_spec(self) -> DayException:
        """Build the pure value."""
        return DayException(date=self.date, windows=self.spans, name=self.name)


class CalendarVersion(models.Model):
    """What the hours of a calendar were, under one number. Written once, never changed."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    document = models.JSONField()
    created_at = models.DateTimeField(_("since"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        ordering = ["-number"]
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        constraints = [models.UniqueConstraint(name="calendars_version_number", fields=["calendar", "number"])]

    def __str__(self) -> str:
        return f"{self.calendar_id} v{self.number}"

    def as_spec(self) -> CalendarSpec:
        """Read the frozen specification."""
        document: dict[str, Any] = self.document
        return CalendarSpec.from_document(document)
