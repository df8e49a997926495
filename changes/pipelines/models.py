"""Where pipelines deploy to, what they asked, what they were told, and how it went."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records.enums import Phase
from records.models import Record
from services.models import Service

from ..models import Change, ChangeModel
from .enums import FINISHED, State

LONGEST_VERSION = 100
LONGEST_NAME = 80


class Environment(models.Model):
    """
    A place that pipelines deploy to, and the policy for it: production counts in the measures; what needs a change is
    deployed under one.
    """

    name = models.CharField(_("name"), max_length=LONGEST_NAME, unique=True)
    slug = models.SlugField(_("short name"), max_length=LONGEST_NAME, unique=True)
    is_production = models.BooleanField(_("production"), default=False)
    needs_change = models.BooleanField(_("needs a change"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-is_production", "name"]
        verbose_name = _("environment")
        verbose_name_plural = _("environments")

    def __str__(self) -> str:
        return self.name


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def visible_to(self, user: Any) -> Self:
        """Those of organizations that the person's roles cover."""
        return self.filter(access_of(user).rows("deployment.view", own=Q(pk__in=[])))

    def of(self, service: Any, environment: Any) -> Self:
        return self.filter(service=service, environment=environment)


class Deployment(models.Model):
    """
    One question “may this deploy now?”, with its answer; a refused one is kept as evidence.

    What was asked for by a name that is not known stays as it was written. `is_production` is the environment's at that
    moment, so that a later policy does not rewrite history.

    :ivar requester: whose token asked. :ivar due_at: when it should have reported.
    :ivar failed_at: when it was known to have failed; also of one that succeeded and was repaired at once.
    :ivar recovered_at: when the service was well again.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="deployments")
    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, null=True, related_name="deployments")
    asked_service = models.CharField(max_length=200)
    asked_environment = models.CharField(max_length=200)
    asked_change = models.CharField(max_length=200, blank=True)
    is_production = models.BooleanField(_("production"), default=False)
    version = models.CharField(_("version"), max_length=LONGEST_VERSION)
    run_url = models.URLField(_("run"), max_length=500, blank=True)
    planned_minutes = models.PositiveIntegerField(_("planned, minutes"))
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    reasons = models.JSONField(_("why it was refused"), default=list)

    model = models.ForeignKey(ChangeModel, on_delete=models.PROTECT, null=True, related_name="+")
    change = models.ForeignKey(Change, on_delete=models.CASCADE, null=True, related_name="deployments")
    made_change = models.BooleanField(_("the change was made for it"), default=False)
    change_note = models.TextField(_("why its change was left as it is"), blank=True)

    due_at = models.DateTimeField(_("expected to report by"), null=True)
    overdue_at = models.DateTimeField(_("noted as not reported"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    reported_at = models.DateTimeField(_("reported"), null=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("note"), blank=True)
    is_unplanned_repair = models.BooleanField(_("unplanned repair"), default=False)
    incident = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, related_name="+")
    failed_at = models.DateTimeField(_("failed"), null=True)
    recovered_at = models.DateTimeField(_("recovered"), null=True)
    repaired_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="repaired")
    is_sample = models.BooleanField(default=False, editable=False)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="changes_deployment_state_known"),
            # What decides when two pipelines ask at once.
            models.UniqueConstraint(
                fields=["service", "environment"],
                condition=Q(state=State.RUNNING),
                name="changes_deployment_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REFUSED) | Q(service__isnull=False, environment__isnull=False),
                name="changes_deployment_allowed_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINISHED, finished_at__isnull=False)
                | (~Q(state__in=FINISHED) & Q(finished_at=None, reported_at=None)),
                name="changes_deployment_finished_once_reported",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("asked_at")),
                name="changes_deployment_finished_after_asked",
            ),
            models.CheckConstraint(
                condition=Q(recovered_at=None) | Q(failed_at__isnull=False), name="changes_deployment_recovered_failure"
            ),
        ]
        indexes = [
            models.Index(fields=["service", "environment", "-finished_at"], name="changes_deployment_latest"),
            models.Index(fields=["finished_at"], condition=Q(is_production=True), name="changes_deployment_finished"),
            models.Index(
                fields=["recovered_at"], condition=Q(recovered_at__isnull=False), name="changes_deployment_recovered"
            ),
            models.Index(
                fields=["due_at"], condition=Q(state=State.RUNNING, overdue_at=None), name="changes_deployment_due"
            ),
            models.Index(fields=["organization", "-id"], name="changes_deployment_newest"),
            models.Index(fields=["state", "-id"], name="changes_deployment_state"),
            models.Index(fields=["service", "-id"], name="changes_deployment_service"),
        ]

    def __str__(self) -> str:
        return f"{self.asked_service} {self.version} → {self.asked_environment}"

    def get_absolute_url(self) -> str:
        return f"/changes/deployments/{self.pk}/"

    @property
    def reference(self) -> str:
        return f"#{self.pk}"

    @property
    def is_refused(self) -> bool:
        return self.state == State.REFUSED

    @property
    def is_running(self) -> bool:
        return self.state == State.RUNNING

    @property
    def is_reported(self) -> bool:
        return self.state in FINISHED

    @property
    def is_late(self) -> bool:
        """Whether it was noted that no report came, and still none has."""
        return self.is_running and self.overdue_at is not None

    # What lists of records behind a number ask every row for.
    @property
    def title(self) -> str:
        return str(self)

    @property
    def phase(self) -> Phase:
        return Phase.OPEN if self.is_running else Phase.DONE

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def priority(self) -> None:
        return None

    @property
    def opened_at(self) -> datetime:
        return self.asked_at

    @property
    def resolved_at(self) -> datetime | None:
        return self.finished_at


class CommitQuerySet(models.QuerySet["Commit"]):
    def visible_to(self, user: Any) -> Self:
        """Those of visible deployments."""
        return self.filter(deployment__in=Deployment.objects.visible_to(user))


class Commit(models.Model):
    """
    A commit that a deployment brings, and when it was written.

    :ivar is_first: no earlier deployment that succeeded in production had brought it to the service.
    """

    belongs_to = "deployment"

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="commits")
    sha = models.CharField(_("commit"), max_length=64)
    committed_at = models.DateTimeField(_("committed"))
    is_first = models.BooleanField(default=False)

    objects = CommitQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("commit")
        constraints = [models.UniqueConstraint(fields=["deployment", "sha"], name="changes_commit_once")]
        indexes = [models.Index(fields=["sha"], name="changes_commit_sha")]

    def __str__(self) -> str:
        return self.sha[:12]
