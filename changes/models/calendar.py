"""When changes may not or should happen, what they book, and what was accepted in spite of it."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Organization
from services.models import ConfigurationItem, Service

from ..enums import Repeats, WindowKind
from .change import Change


class CalendarWindow(models.Model):
    """
    A freeze, in which changes are blocked but for a named exemption, or a maintenance window, in which they belong.

    It may repeat, by the wall clock of its zone: `starts_at` and `ends_at` are those of the first time, `until_date`
    is the first day on which it no longer begins. Without services it is about all of them; without an organization
    about the changes of everybody, else about those of that organization alone.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=WindowKind.choices)
    name = models.CharField(_("name"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=60)
    repeats = models.CharField(_("repeats"), max_length=16, choices=Repeats.choices, default=Repeats.NEVER)
    until_date = models.DateField(_("until"), null=True, blank=True)
    services = models.ManyToManyField(Service, related_name="change_windows", verbose_name=_("services"), blank=True)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="change_windows",
        verbose_name=_("organization"),
    )
    allows_emergencies = models.BooleanField(_("emergencies may happen in it"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("freeze or maintenance window")
        verbose_name_plural = _("freezes and maintenance windows")
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="changes_calendar_window_ends_later")
        ]
        indexes = [
            models.Index(fields=["kind", "starts_at"], condition=Q(is_active=True), name="changes_calendar_kind")
        ]

    def __str__(self) -> str:
        return self.name


class Exemption(models.Model):
    """Somebody named lets one change happen in one freeze, and says why."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="exemptions")
    window = models.ForeignKey(CalendarWindow, on_delete=models.PROTECT, related_name="exemptions")
    reason = models.CharField(_("why"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("exemption")
        constraints = [
            models.UniqueConstraint(fields=["change", "window"], name="changes_exemption_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="changes_exemption_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.change_id} in {self.window}"


class Acknowledgment(models.Model):
    """
    A conflict that was seen and accepted, one by one.

    :ivar key: of the conflict, as `queries.conflicts` names it; it holds the other change's window, so that a moved one
        has to be looked at again.
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="acknowledgments")
    key = models.CharField(max_length=200)
    reason = models.CharField(_("why it is accepted"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("accepted conflict")
        constraints = [
            models.UniqueConstraint(fields=["change", "key"], name="changes_acknowledgment_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="changes_acknowledgment_says_why"),
        ]

    def __str__(self) -> str:
        return self.key


class Booking(models.Model):
    """
    An item that a scheduled change has for itself during its window.

    The database lets no two bookings of an item overlap, so that two people who schedule at the same moment can't both
    succeed. A change whose overlap was accepted shares the item: it has a booking that excludes nobody.
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="bookings")
    item = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="bookings")
    period = DateTimeRangeField()
    is_shared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "item"], name="changes_booking_once"),
            ExclusionConstraint(
                name="changes_booking_no_overlap",
                expressions=[("item", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(is_shared=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.period}"
