"""Breaches, the causes and clauses that people choose from, and within how many working days they explain."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records.models import Attachment, Record, of_visible

from .. import declarations
from ..models import Agreement, Clock, ClockFact
from .enums import BreachState

LONGEST_TEXT = 2_000
DAYS_AT_MOST = 60


class Listed(models.Model):
    """A line of a list that people choose from. A line in use is never removed, only taken out of the choice."""

    key = models.SlugField(_("short name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("when it applies"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("can be chosen"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class Cause(Listed):
    """Why a target was missed (domain reference A3.8)."""

    class Meta(Listed.Meta):
        verbose_name = _("cause")
        verbose_name_plural = _("causes")


class Clause(Listed):
    """What excuses a miss: of one agreement, or of all of them."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, null=True, blank=True, related_name="clauses",
        verbose_name=_("agreement"), help_text=_("Empty: a clause of every agreement."),
    )  # fmt: skip

    class Meta(Listed.Meta):
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")


class Deadline(models.Model):
    """Within how many working days a miss is to be explained: under one agreement, or where that says nothing."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("agreement"),
    )  # fmt: skip
    days = models.PositiveSmallIntegerField(
        _("working days"), default=3, validators=[MinValueValidator(1), MaxValueValidator(DAYS_AT_MOST)]
    )
    calendar = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("working days of"), help_text=_("Where the team has no hours of its own."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("deadline for explanations")
        constraints = [
            models.UniqueConstraint(fields=["agreement"], nulls_distinct=False, name="breaches_deadline_once"),
            models.CheckConstraint(condition=Q(days__range=(1, DAYS_AT_MOST)), name="breaches_deadline_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.days} d"


class BreachQuerySet(models.QuerySet["Breach"]):
    def live(self) -> Self:
        """Those whose target was missed as far as is known today."""
        return self.exclude(state=BreachState.WITHDRAWN)

    def visible_to(self, user: Any) -> Self:
        """Breaches of records that the person may see, for the provider's people only."""
        if access_of(user).allows("breach.view"):
            return of_visible(self, user)
        return self.none()


class Breach(models.Model):
    """
    A missed target as people answer for it: who had it, why it was missed, and whether the agreement excuses it.

    Made from the fact that the target passed, once each. Team and owner are those of that moment. The excuse changes
    no clock and no fact: figures show the attainment with and without it.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="breaches", db_index=False)
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="breaches", db_index=False)
    fact = models.OneToOneField(ClockFact, on_delete=models.CASCADE, related_name="breach")
    clock_kind = models.CharField(_("clock"), max_length=20)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, related_name="breaches", db_index=False,
        verbose_name=_("agreement"),
    )  # fmt: skip
    team = models.ForeignKey(
        "people.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("team")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=_("whose it was"),
    )  # fmt: skip
    missed_at = models.DateTimeField(_("missed at"))
    state = models.CharField(_("state"), max_length=16, choices=BreachState.choices, default=BreachState.RECORDED)

    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("cause"))
    explanation = models.TextField(_("explanation"), blank=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField(_("explained"), null=True)
    explain_by_at = models.DateTimeField(_("to explain by"), null=True, help_text=_("empty: nobody was asked in time"))
    lead_told_at = models.DateTimeField(_("lead told"), null=True)

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("clause"))
    evidence = models.TextField(_("evidence"), blank=True)
    attachment = models.ForeignKey(
        Attachment, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("file")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("excuse asked"), null=True)
    approval = models.ForeignKey("approvals.Approval", on_delete=models.SET_NULL, null=True, related_name="+")
    case = models.CharField(max_length=64, blank=True, help_text=_("digest of what is excused; differs, it lapses"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.CharField(_("reason"), max_length=500, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BreachQuerySet.as_manager()

    class Meta:
        ordering = ["-missed_at", "-id"]
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BreachState.values), name="breaches_breach_state_known"),
            models.UniqueConstraint(
                fields=["clock"], condition=~Q(state="withdrawn"), name="breaches_breach_one_a_clock"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["recorded", "withdrawn"]) | Q(cause__isnull=False, explained_at__isnull=False),
                name="breaches_breach_explained_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["excuse_requested", "excused", "upheld"]) | Q(clause__isnull=False),
                name="breaches_breach_excuse_names_clause",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["excused", "upheld"]) | Q(decided_at__isnull=False),
                name="breaches_breach_decided_when",
            ),
        ]
        indexes = [
            models.Index(F("missed_at").desc(), F("id").desc(), name="breaches_newest"),
            models.Index(F("state"), F("missed_at").desc(), F("id").desc(), name="breaches_by_state"),
            models.Index(fields=["record"], name="breaches_record"),
            models.Index(
                fields=["explain_by_at"],
                condition=Q(state="recorded", lead_told_at=None, explain_by_at__isnull=False),
                name="breaches_to_remind",
            ),
            # The measure asks of each finished clock whether it is excused.
            models.Index(fields=["clock"], condition=Q(state="excused"), name="breaches_excused"),
        ]

    def __str__(self) -> str:
        return text("Missed %(clock)s of %(reference)s") % {
            "clock": self.clock_label,
            "reference": self.record.reference,
        }

    def get_absolute_url(self) -> str:
        return reverse("breaches:breach", args=[self.pk])

    @property
    def clock_label(self) -> str:
        """What people read for its clock."""
        return declarations.label_of(self.clock_kind)

    @property
    def organization_id(self) -> int:
        """Whose record it is about; the permission matrix asks."""
        return self.record.organization_id

    @property
    def requester_id(self) -> int:
        return self.record.requester_id

    @property
    def is_live(self) -> bool:
        return self.state != BreachState.WITHDRAWN

    @property
    def may_be_explained(self) -> bool:
        return self.state in (BreachState.RECORDED, BreachState.EXPLAINED)

    @property
    def is_being_decided(self) -> bool:
        return self.state == BreachState.EXCUSE_REQUESTED

    @property
    def is_excused(self) -> bool:
        return self.state == BreachState.EXCUSED
