"""Standings: that something was promised for a service, that others carry a promise, that a contract is decided."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records.enums import Priority
from services.models import Service

from ..models import Agreement
from ..reading import clock_label

AVAILABILITY = "availability"


class Aspect(models.TextChoices):
    """What a standing is about, and what `is_fine` says of it."""

    SERVICE = "service", _("a service for customers: an agreement with them covers it")
    PROMISE = "promise", _("a promise that others carry: they promised as much")
    CONTRACT = "contract", _("a contract with a supplier: nobody has to decide about it")


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, user: Any) -> Self:
        """Those of agreements that the person sees; of services for those who see all agreements."""
        seen = Q(agreement__in=Agreement.objects.visible_to(user))
        if access_of(user).allows("agreement.view"):
            seen |= Q(aspect=Aspect.SERVICE)
        return self.filter(seen)

    def holding(self) -> Self:
        """Those that the latest look found."""
        return self.filter(until_at=None)


class Standing(models.Model):
    """
    How a service, a promise or a contract stood from one look over all of them to another.

    Where it belongs is kept as it was, so that what a day came to does not change with it.

    :ivar clock: of a promise; `availability` where that is promised, with no priority.
    :ivar until_at: None for the one that holds.
    """

    aspect = models.CharField(max_length=8, choices=Aspect.choices)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    clock = models.CharField(max_length=20, blank=True)
    priority = models.PositiveSmallIntegerField(default=0)
    team = models.ForeignKey("people.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    organization = models.ForeignKey(
        "people.Organization", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    is_sample = models.BooleanField(default=False)
    is_fine = models.BooleanField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("service", "agreement")
    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of an agreement")
        verbose_name_plural = _("standings of agreements")
        constraints = [
            models.CheckConstraint(condition=Q(aspect__in=Aspect.values), name="slm_standing_aspect_known"),
            models.CheckConstraint(
                condition=Q(aspect=Aspect.SERVICE, service__isnull=False, agreement=None)
                | ~Q(aspect=Aspect.SERVICE) & Q(agreement__isnull=False),
                name="slm_standing_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="slm_standing_forward"
            ),
            models.UniqueConstraint(
                fields=["service"], condition=Q(until_at=None, aspect=Aspect.SERVICE), name="slm_standing_service_once"
            ),
            models.UniqueConstraint(
                fields=["agreement", "clock", "priority"],
                condition=Q(until_at=None) & ~Q(aspect=Aspect.SERVICE),
                name="slm_standing_promise_once",
            ),
        ]
        indexes = [
            models.Index(fields=["from_at"], name="slm_standing_from"),
            models.Index(fields=["until_at"], condition=Q(until_at__isnull=False), name="slm_standing_until"),
            # What goes with a service or an agreement is found by these.
            models.Index(fields=["service"], name="slm_standing_service"),
            models.Index(fields=["agreement"], name="slm_standing_agreement"),
        ]

    def __str__(self) -> str:
        if self.agreement is None:
            return str(self.service)
        if not self.clock:
            return self.agreement.name
        promise = text("Availability") if self.clock == AVAILABILITY else str(clock_label(self.clock))
        if self.priority:
            promise = f"{promise}, {Priority(self.priority).label}"
        return f"{self.agreement.name}: {promise}"

    def get_absolute_url(self) -> str:
        return (self.agreement or self.service).get_absolute_url()  # type: ignore[union-attr] # one of them is there

    @property
    def measured_at(self) -> datetime:
        """For the rows behind a measure, as below."""
        return self.from_at

    @property
    def measured_note(self) -> str:
        fine, other = {
            Aspect.SERVICE: (text("covered"), text("no agreement")),
            Aspect.PROMISE: (text("carried"), text("not carried")),
            Aspect.CONTRACT: (text("nothing to decide"), text("undecided")),
        }[Aspect(self.aspect)]
        return fine if self.is_fine else other
