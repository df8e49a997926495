"""Agreements: what was promised to whom, by priority, with rules for pauses, reopening and new targets."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from people.access import access_of
from records.enums import Priority

from ..enums import (
    BINDING,
    IN_FORCE,
    AgreementState,
    AgreementType,
    MaintenancePolicy,
    ReopenPolicy,
    RetargetPolicy,
    Side,
)
from ..workflow import AgreementWorkflow


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def in_force(self) -> Self:
        """Those that hold at present, under review or not."""
        return self.filter(state__in=IN_FORCE)

    def binding(self) -> Self:
        """Those that clocks may go by: in force, or agreed for a day to come."""
        return self.filter(state__in=BINDING)

    def with_something_due(self, *, at: datetime) -> Self:
        """Those for which some day may have come in their zone: agreed, to be reviewed, or at their end."""
        tomorrow = at.date() + timedelta(days=1)
        agreed = Q(state=AgreementState.AGREED) | Q(proposed_version__isnull=False)
        ending = Q(valid_to__lte=tomorrow) | Q(ends_date__lte=tomorrow)
        review = Q(state=AgreementState.ACTIVE, review_date__lte=tomorrow)
        return self.binding().filter(agreed | ending | review)

    def with_customers(self) -> Self:
        return self.filter(type=AgreementType.CUSTOMER)

    def visible_to(self, user: Any) -> Self:
        """All for the provider's people; for others what they see as the other side."""
        return self.all() if access_of(user).allows("agreement.view") else self.visible_to_partner(user)

    def visible_to_partner(self, user: Any) -> Self:
        """Agreements with the person's organization, and those that the person is to sign; drafts never."""
        access = access_of(user)
        own = Q(partner_signatory=user.pk)
        own |= Q(type=AgreementType.CUSTOMER) & access.rows("agreement.accept", own=Q(requester=user.pk))
        return (
            self.filter(own).exclude(state=AgreementState.DRAFT) if access.allows("agreement.accept") else self.none()
        )


class Agreement(AgreementWorkflow, FSMModelMixin, models.Model):
    """
    What was promised to whom: targets by priority, on a calendar, with rules for pauses, reopening and new targets.

    The scope is the service, the organization and the requester where named; the most specific match wins
    (domain reference A3.9). Running clocks keep the version they started with; `AgreementVersion` holds its terms.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    type = models.CharField(_("type"), max_length=8, choices=AgreementType.choices, default=AgreementType.CUSTOMER)
    kind = models.CharField(max_length=20, default="incident", help_text=_("kind of record it is about"))
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="agreements",
        verbose_name=_("team"),
    )  # fmt: skip
    supplier = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="contracts",
        verbose_name=_("supplier"),
    )  # fmt: skip
    supplier_name = models.CharField(
        _("supplier's name"), max_length=200, blank=True, help_text=_("Of one that is no organization here.")
    )
    organization = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    service = models.ForeignKey(
        "services.Service", on_delete=models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    calendar = models.ForeignKey("calendars.Calendar", on_delete=models.PROTECT, related_name="agreements")
    pause_reasons = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        verbose_name=_("reasons that pause the resolution clock"),
    )
    reopen_policy = models.CharField(max_length=12, choices=ReopenPolicy.choices, default=ReopenPolicy.RESUME)
    retarget_policy = models.CharField(max_length=14, choices=RetargetPolicy.choices, default=RetargetPolicy.FROM_START)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to, this day not included"), null=True, blank=True)
    attainment_target = models.DecimalField(_("attainment promised, %"), max_digits=5, decimal_places=2, default=95)
    availability_target = models.DecimalField(
        _("availability promised, %"), max_digits=6, decimal_places=3, null=True, blank=True,
        help_text=_("Empty: no availability is promised."),
    )  # fmt: skip
    service_hours = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("When the service is to be usable. Empty: the hours above."),
    )  # fmt: skip
    maintenance = models.CharField(
        _("planned maintenance"), max_length=8, choices=MaintenancePolicy.choices, default=MaintenancePolicy.COUNTS
    )
    maintenance_windows = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("The calendar that is open while maintenance is agreed."),
    )  # fmt: skip
    thresholds = models.JSONField(
        _("warnings"), default=list, db_default=Value([], models.JSONField()), blank=True,
        help_text=_("beside the usual ones; `slm.thresholds` knows their form"),
    )  # fmt: skip
    state = FSMField(
        _("state"), max_length=11, choices=AgreementState.choices, default=AgreementState.DRAFT, protected=True,
        editable=False,
    )  # fmt: skip
    exclusions = models.TextField(
        _("exclusions"), max_length=10_000, blank=True, help_text=_("What does not count. Write none if all counts.")
    )
    limits = models.JSONField(default=dict, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("notice, days"), default=90)
    review_date = models.DateField(_("next review"), null=True, blank=True)
    provider_signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("signs for the provider"),
    )  # fmt: skip
    partner_signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements_to_sign",
        verbose_name=_("signs for the other side"), help_text=_("Empty: signed on paper."),
    )  # fmt: skip
    ends_date = models.DateField(_("ends by notice on"), null=True, editable=False)
    ends_reason = models.CharField(_("why it ends"), max_length=300, blank=True, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    proposed_version = models.PositiveIntegerField(null=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="slm_agreement_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(attainment_target__range=(0, 100)), name="slm_agreement_attainment_in_range"
            ),
            models.CheckConstraint(
                condition=Q(availability_target=None) | Q(availability_target__range=(0, 100)),
                name="slm_agreement_availability_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(maintenance="windows") | Q(maintenance_windows__isnull=False),
                name="slm_agreement_windows_are_named",
            ),
            models.CheckConstraint(condition=Q(state__in=AgreementState.values), name="slm_agreement_state_known"),
            models.CheckConstraint(
                condition=Q(type=AgreementType.TEAM, team__isnull=False) | ~Q(type=AgreementType.TEAM) & Q(team=None),
                name="slm_agreement_team_of_team_agreements",
            ),
            models.CheckConstraint(
                condition=(
                    Q(type=AgreementType.SUPPLIER) & (Q(supplier__isnull=False) ^ ~Q(supplier_name=""))
                    | ~Q(type=AgreementType.SUPPLIER) & Q(supplier=None, supplier_name="")
                ),
                name="slm_agreement_supplier_of_contracts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """On the side of the reader, where the query says which one that is."""
        place = "portal_agreements" if getattr(self, "is_in_portal", False) else "slm"
        return reverse(f"{place}:agreement", args=[self.slug])

    @property
    def is_in_force(self) -> bool:
        return self.state in IN_FORCE

    @property
    def latest_version(self) -> int:
        """Number of the text that is worked on: the one drafted beside the one in force, else the only one."""
        return self.proposed_version or self.version

    @property
    def end(self) -> date | None:
        """The first day on which it no longer holds, by its text or by notice."""
        return min((each for each in (self.valid_to, self.ends_date) if each), default=None)

    @property
    def partner(self) -> str:
        """Who stands on the other side, in words."""
        if self.type == AgreementType.TEAM:
            return str(self.team)
        if self.type == AgreementType.SUPPLIER:
            return self.supplier_name or str(self.supplier)
        return str(self.requester or self.organization or _("everybody"))


class Target(models.Model):
    """How soon, in working minutes of the calendar: per clock and priority. Its own calendar may override."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="targets")
    clock = models.CharField(_("clock"), max_length=20)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    target_minutes = models.PositiveIntegerField(_("target, working minutes"))
    point = models.CharField(
        _("point in time"), max_length=16, blank=True, default="", db_default="",
        help_text=_("promised instead of a duration; the minutes are then the longest that it can take"),
    )  # fmt: skip
    calendar = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["agreement", "clock", "priority"]
        verbose_name = _("target")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "clock", "priority"], name="slm_target_once"),
            models.CheckConstraint(condition=Q(target_minutes__range=(1, 525_600)), name="slm_target_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.get_priority_display()}: {self.target_minutes} min"


class AgreementVersion(models.Model):
    """
    The text of an agreement under one number, for the clocks that started under it. Written once.

    :ivar effective_date: first day of this version beside one in force; None for as soon as both have signed.
    :ivar offered_at: since when it may be signed. :ivar agreed_at: when both had signed.
    :ivar in_force_from: when it came into force. :ivar in_force_until: when the next one did, or the agreement ended.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    document = models.JSONField()
    created_at = models.DateTimeField(_("since"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    effective_date = models.DateField(_("in force from the day"), null=True)
    offered_at = models.DateTimeField(_("offered"), null=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    in_force_from = models.DateTimeField(_("in force from"), null=True)
    in_force_until = models.DateTimeField(_("in force until"), null=True)

    class Meta:
        ordering = ["agreement", "-number"]
        verbose_name = _("version of an agreement")
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="slm_agreement_version_once")]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"


class Signature(models.Model):
    """
    One side's word to one version. Written once; a change of the text makes a version that nobody has signed.

    :ivar name: whom the signature binds, in words, as of that day. :ivar digest: SHA-256 of the text that was signed.
    :ivar recorded_by: who wrote down a signature on paper; None where the person signed here.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, db_index=False, related_name="signatures")
    number = models.PositiveIntegerField(_("version"))
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    signed_name = models.CharField(_("signed by"), max_length=200)
    name = models.CharField(_("signed for"), max_length=200)
    at = models.DateTimeField(_("signed"))
    reference = models.CharField(_("paper"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["agreement", "number", "at", "id"]
        verbose_name = _("signature")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number", "side"], name="slm_signature_once_a_side"),
            models.UniqueConstraint(
                fields=["agreement", "number", "person"], condition=Q(person__isnull=False),
                name="slm_signature_one_side_a_person",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, recorded_by=None) | Q(recorded_by__isnull=False) & ~Q(reference=""),
                name="slm_signature_here_or_on_paper",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}: {self.side}"


class BackToBackCheck(models.Model):
    """What was found when an agreement with customers was last compared with those underneath; see `backtoback`."""

    agreement = models.OneToOneField(Agreement, on_delete=models.CASCADE, primary_key=True, related_name="back_to_back")
    findings = models.JSONField(default=list)
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        ordering = ["agreement"]
        verbose_name = _("back-to-back check")

    def __str__(self) -> str:
        return f"{self.agreement_id}: {len(self.findings)}"
