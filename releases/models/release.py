"""The release: a set of changes that goes live as one; what it must fulfill, and how it is deployed."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.enums import Phase, Priority
from records.models import Record, RecordQuerySet
from services.models import Service

from ..enums import Environment, Result, State, Type, Verdict
from ..workflow import ReleaseWorkflow

ON_CALENDAR = (State.PLANNING, State.BUILDING, State.TESTING, State.READY, State.DEPLOYING)


class ReleaseQuerySet(RecordQuerySet):
    def in_period(self, start: Any, end: Any) -> Self:
        """Whose planned window touches the period [start, end)."""
        return self.filter(planned_from__lt=end, planned_to__gt=start)

    def planned(self) -> Self:
        """That are still to go live, or are going live."""
        return self.exclude(phase=Phase.DONE).filter(state__in=ON_CALENDAR)


class Release(ReleaseWorkflow, Record):  # type: ignore[misc] # moves set fields that stand on the record
    """
    Fields of the domain reference B5 on top of the record's. What is in it are links: changes released in it.

    The assignee is the release manager; the owner answers for the product and may waive what it does not fulfill.

    :ivar version_name: what people call the version; `version` counts edits of the record.
    :ivar promised_to: end of the window that was planned when building began; later windows don't move it.
    """

    type = models.CharField(_("type"), max_length=12, choices=Type.choices, default=Type.MINOR, editable=False)
    version_name = models.CharField(_("version"), max_length=60, blank=True)
    services = models.ManyToManyField(Service, related_name="releases", verbose_name=_("services"), blank=True)
    build_reference = models.CharField(
        _("build or artifact"), max_length=300, blank=True, help_text=_("an address, a tag or a checksum")
    )
    release_notes = models.TextField(_("release notes"), blank=True)
    known_errors = models.TextField(_("known errors that go live with it"), blank=True)
    deployment_plan = models.TextField(_("deployment plan"), blank=True)
    back_out_plan = models.TextField(_("back-out plan"), blank=True)
    communication_plan = models.TextField(_("communication and training"), blank=True)

    planned_from = models.DateTimeField(_("planned from"), null=True, blank=True, editable=False)
    planned_to = models.DateTimeField(_("planned to"), null=True, blank=True, editable=False)
    promised_to = models.DateTimeField(_("promised"), null=True, editable=False)
    tested_from = models.DateTimeField(_("tests began"), null=True, editable=False)
    ready_at = models.DateTimeField(_("ready"), null=True, editable=False)
    deploy_began_at = models.DateTimeField(_("deployment began"), null=True, editable=False)
    deployed_at = models.DateTimeField(_("live"), null=True, editable=False)
    rolled_back_at = models.DateTimeField(_("rolled back"), null=True, editable=False)

    early_life_days = models.PositiveSmallIntegerField(_("early life, days"), default=14)
    quiet_days = models.PositiveSmallIntegerField(_("days without severe incidents"), default=10)
    quiet_priority = models.PositiveSmallIntegerField(
        _("severe up to priority"), choices=Priority.choices, default=Priority.P2
    )
    most_incidents = models.PositiveIntegerField(
        _("most incidents"), null=True, blank=True, help_text=_("that it may cause; any number when empty")
    )
    waiver_reason = models.TextField(_("why it was closed all the same"), blank=True, editable=False)
    review_text = models.TextField(_("review"), blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("reviewed by"),
    )  # fmt: skip

    objects = ReleaseQuerySet.as_manager()  # type: ignore[misc] # narrower than the record's, on purpose

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_from=None, planned_to=None) | Q(planned_from__lt=F("planned_to")),
                name="releases_window_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(deployed_at=None) | Q(deploy_began_at__lte=F("deployed_at")),
                name="releases_live_after_deployment_began",
            ),
            models.CheckConstraint(
                condition=Q(early_life_days__lte=366, quiet_days__lte=366), name="releases_days_within_a_year"
            ),
        ]
        indexes = [
            models.Index(fields=["planned_from", "planned_to"], name="releases_window"),
            models.Index(fields=["promised_to"], condition=Q(promised_to__isnull=False), name="releases_promised"),
            models.Index(
                fields=["deploy_began_at"], condition=Q(deploy_began_at__isnull=False), name="releases_deploy_began"
            ),
        ]

    @property
    def early_life_ends_at(self) -> datetime | None:
        """When the agreed window of its early life is over; None before it is live."""
        return self.deployed_at + timedelta(days=self.early_life_days) if self.deployed_at is not None else None

    @property
    def is_in_early_life(self) -> bool:
        return self.state == State.EARLY_LIFE

    @property
    def is_emergency(self) -> bool:
        return self.type == Type.EMERGENCY


class AcceptanceCriterion(models.Model):
    """
    One thing that the release must fulfill, and what was found.

    :ivar failures: how often it was judged as not met: defects that the tests found.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("criterion"), max_length=300)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, default=Verdict.OPEN)
    note = models.CharField(_("what was found, or why it is waived"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("acceptance criterion")
        verbose_name_plural = _("acceptance criteria")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=Verdict.OPEN, at=None) | (~Q(verdict=Verdict.OPEN) & Q(at__isnull=False)),
                name="releases_criterion_judged_at_some_moment",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=[Verdict.WAIVED, Verdict.FAILED]) | ~Q(note=""),
                name="releases_criterion_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_settled(self) -> bool:
        return self.verdict in (Verdict.MET, Verdict.WAIVED)


class Deployment(models.Model):
    """One wave: the release, or a part of it, brought into one environment."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="deployments")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("wave"), max_length=120)
    environment = models.CharField(
        _("environment"), max_length=12, choices=Environment.choices, default=Environment.PRODUCTION
    )
    planned_at = models.DateTimeField(_("planned"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=12, choices=Result.choices, default=Result.PLANNED)
    began_at = models.DateTimeField(_("began"), null=True, editable=False)
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    verification = models.CharField(_("how it was verified"), max_length=500, blank=True)
    repeats = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="repetition",
        verbose_name=_("repeats"),
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        constraints = [
            models.UniqueConstraint(fields=["release", "position"], name="releases_deployment_position_once"),
            models.CheckConstraint(
                condition=Q(result=Result.PLANNED, began_at=None)
                | (~Q(result=Result.PLANNED) & Q(began_at__isnull=False)),
                name="releases_deployment_began_unless_planned",
            ),
            models.CheckConstraint(
                condition=Q(result__in=[Result.PLANNED, Result.RUNNING], ended_at=None)
                | (
                    ~Q(result__in=[Result.PLANNED, Result.RUNNING])
                    & Q(ended_at__gte=F("began_at"))
                    & ~Q(verification="")
                ),
                name="releases_deployment_verified_when_over",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def is_live(self) -> bool:
        return self.environment == Environment.PRODUCTION
