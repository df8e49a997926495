"""Outages, the redundancy of what a service needs, and what each day of a service amounted to."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records.models import Record
from services.models import Offering, Service

from .enums import LIVE, OutageState
from .spans import SECOND
from .writing import duration, share


class OutageQuerySet(models.QuerySet["Outage"]):
    def counted(self) -> Self:
        """Those that count: confirmed by a person."""
        return self.filter(state=OutageState.CONFIRMED)

    def live(self) -> Self:
        """Neither dismissed nor withdrawn."""
        return self.filter(state__in=LIVE)

    def visible_to(self, user: Any) -> Self:
        """Every outage for the provider's people; for others none: they see dates and services on their own page."""
        access = access_of(user)
        if access.allows("outage.view") and not access.rows("outage.view", own=Q(pk=None)):
            return self.all()
        return self.none()


class Outage(models.Model):
    """
    A span in which a service, or one offering of it, was not usable, or less than agreed.

    It differs from the incidents that tell of it: one outage, many incidents. What counts of it is worked out from the
    agreement; this row only says what happened. Times are whole seconds. The history of changes stands in the log.
    """

    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="outages", db_index=False, verbose_name=_("service")
    )
    offering = models.ForeignKey(
        Offering, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("offering"),
        help_text=_("Empty: the whole service."),
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=10, choices=OutageState.choices, default=OutageState.CONFIRMED, editable=False
    )
    started_at = models.DateTimeField(_("down from"))
    ended_at = models.DateTimeField(_("up again"), null=True, blank=True)
    is_planned = models.BooleanField(_("planned"), default=False)
    weight = models.DecimalField(
        _("share lost"), max_digits=3, decimal_places=2, default=Decimal(1),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )  # fmt: skip
    users_affected = models.PositiveIntegerField(_("people affected"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=300, blank=True)
    record = models.ForeignKey(
        Record, on_delete=models.SET_NULL, null=True, blank=True, related_name="outages", db_index=False,
        verbose_name=_("ticket"),
    )  # fmt: skip
    ends_with_record = models.BooleanField(default=False, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"))
    decided_reason = models.CharField(_("why"), max_length=300, blank=True, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("service",)
    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OutageState.values), name="availability_outage_state_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")), name="availability_outage_forward"
            ),
            models.CheckConstraint(condition=Q(weight__range=(0, 1)), name="availability_outage_weight_in_range"),
            models.CheckConstraint(
                condition=Q(state__in=LIVE) | ~Q(decided_reason=""), name="availability_outage_gone_with_reason"
            ),
            models.UniqueConstraint(
                fields=["record", "service"], condition=Q(state__in=LIVE), name="availability_outage_once_a_ticket"
            ),
        ]
        indexes = [
            # Outages that touch a span of some services: those that ended after its begin, and those that go on.
            models.Index(
                fields=["service", "ended_at"], condition=Q(state="confirmed"), name="availability_outage_touching"
            ),
            models.Index(fields=["-started_at", "-id"], name="availability_outage_newest"),
            models.Index(fields=["service", "-started_at", "-id"], name="availability_outage_service"),
            models.Index(fields=["record"], condition=Q(record__isnull=False), name="availability_outage_record"),
            models.Index(fields=["started_at"], condition=Q(state="proposed"), name="availability_outage_proposed"),
        ]

    def __str__(self) -> str:
        return text("%(service)s, outage %(number)s") % {"service": self.service, "number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("availability:outage", args=[self.pk])

    @property
    def organization_id(self) -> None:
        """Outages belong to the provider; rights on them reach everywhere or nowhere."""
        return None

    @property
    def measured_at(self) -> Any:
        """For the rows behind a measure."""
        return self.started_at

    @property
    def measured_note(self) -> str:
        return self.cause

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_proposed(self) -> bool:
        return self.state == OutageState.PROPOSED

    @property
    def is_counted(self) -> bool:
        return self.state == OutageState.CONFIRMED

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def weight_percent(self) -> int:
        """The share lost in percent."""
        return int(self.weight * 100)


class Redundancy(models.Model):
    """Of the services that a service needs, some stand in for each other: so many of the members suffice."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="redundancies")
    name = models.CharField(_("name"), max_length=120)
    needed = models.PositiveSmallIntegerField(_("how many suffice"), default=1)
    members = models.ManyToManyField(Service, related_name="+", verbose_name=_("services"))

    class Meta:
        ordering = ["service", "name"]
        verbose_name = _("redundant services")
        verbose_name_plural = _("redundant services")
        constraints = [
            models.UniqueConstraint(fields=["service", "name"], name="availability_redundancy_once"),
            models.CheckConstraint(condition=Q(needed__gte=1), name="availability_redundancy_needs_one"),
        ]

    def __str__(self) -> str:
        return self.name


class DerivedQuerySet(models.QuerySet[Any]):
    """Rows that are worked out for services."""

    def visible_to(self, user: Any) -> Self:
        """Those of every service for people who see outages."""
        return self.filter(service__in=Service.objects.all()) if can_see_all(user) else self.none()


def can_see_all(user: Any) -> bool:
    """Whether the person sees the outages of every service."""
    access = access_of(user)
    return access.allows("outage.view") and not access.rows("outage.view", own=Q(pk=None))


class ServiceDay(models.Model):
    """
    What a day of the reporting zone that is over amounted to for a service, under the agreement for everybody.

    Derived from outages and agreements, and rebuildable from them: measures add up whole numbers, and SQL knows no
    hours.

    :ivar budget: downtime that the promise for the day allows; empty until the day is counted anew.
    :ivar spent_hundredths: what was lost of it, by weight, while something was promised.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    began_at = models.DateTimeField()
    agreed_seconds = models.PositiveIntegerField(_("agreed service time"))
    lost_hundredths = models.PositiveIntegerField(_("downtime by weight, in hundredths of a second"))
    failed_seconds = models.PositiveIntegerField(_("time failed"))
    failures = models.PositiveIntegerField(_("failures that began"))
    user_hundredths = models.PositiveBigIntegerField(_("people × downtime by weight, in hundredths of a second"))
    budget = models.PositiveBigIntegerField(_("downtime allowed, in hundred thousandths of a second"), null=True)
    spent_hundredths = models.PositiveIntegerField(
        _("downtime by weight under a promise, in hundredths of a second"), default=0
    )

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("service",)
    objects = DerivedQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of a service")
        verbose_name_plural = _("days of services")
        constraints = [models.UniqueConstraint(fields=["service", "day"], name="availability_day_once")]
        indexes = [models.Index(fields=["began_at"], name="availability_day_began")]

    def __str__(self) -> str:
        return date_format(self.day, "j M Y")

    def get_absolute_url(self) -> str:
        return f"{reverse('availability:service', args=[self.service.slug])}?month={self.day:%Y-%m}"

    @property
    def measured_at(self) -> Any:
        """For the rows behind a measure."""
        return self.began_at

    @property
    def measured_note(self) -> str:
        lost = duration(self.lost_hundredths * SECOND // 100)
        return text("%(lost)s lost of %(agreed)s") % {"lost": lost, "agreed": duration(self.agreed_seconds * SECOND)}


class ServiceMonth(models.Model):
    """
    Whether a service kept its availability in a month of the reporting zone that is over.

    Derived like the days: by the promise to everybody that ruled at the end of the month.

    :ivar first: its first day. :ivar counted_at: where its last day begins, on which measures count it.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+", db_index=False)
    first = models.DateField(_("month"))
    counted_at = models.DateTimeField()
    target = models.DecimalField(_("availability promised, %"), max_digits=6, decimal_places=3)
    agreed_seconds = models.PositiveIntegerField(_("agreed service time"))
    lost_hundredths = models.PositiveIntegerField(_("downtime by weight, in hundredths of a second"))
    is_kept = models.BooleanField(_("kept"))

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("service",)
    objects = DerivedQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of a service")
        verbose_name_plural = _("months of services")
        constraints = [models.UniqueConstraint(fields=["service", "first"], name="availability_month_once")]
        indexes = [models.Index(fields=["counted_at"], name="availability_month_counted")]

    def __str__(self) -> str:
        return date_format(self.first, "F Y")

    def get_absolute_url(self) -> str:
        return f"{reverse('availability:service', args=[self.service.slug])}?month={self.first:%Y-%m}"

    @property
    def measured_at(self) -> Any:
        """For the rows behind a measure."""
        return self.counted_at

    @property
    def measured_note(self) -> str:
        had = share(1 - Fraction(self.lost_hundredths, self.agreed_seconds * 100))
        return text("%(had)s of %(wanted)s promised") % {"had": had, "wanted": share(Fraction(self.target) / 100)}
