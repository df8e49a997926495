"""What people made of incidents that came at once. What was not decided about is found anew at each look."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Record

from ..enums import ClusterState
from .reach import within_reach


class DecidedBurstQuerySet(models.QuerySet["DecidedBurst"]):
    def visible_to(self, user: object) -> "DecidedBurstQuerySet":
        """Those whose incidents all belong to organizations that the person's roles cover."""
        return within_reach(self, user)

    def dismissed(self) -> "DecidedBurstQuerySet":
        return self.filter(state=ClusterState.DISMISSED)


class DecidedBurst(models.Model):
    """
    Incidents that came at once, as somebody decided about them.

    :ivar state: accepted or dismissed; proposed again when the dismissal was taken back.
    :ivar name: the field that all share. :ivar value: what they have in it, as addresses say it.
    :ivar record_ids: the incidents, oldest first. Without constraints: one that is gone hides nothing.
    """

    is_sample = models.BooleanField(default=False)
    name = models.CharField(max_length=20)
    value = models.CharField(max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=ClusterState.choices, editable=False)
    record_ids = ArrayField(models.BigIntegerField())
    organization_ids = ArrayField(models.BigIntegerField())
    first_at = models.DateTimeField(_("first"))
    latest_at = models.DateTimeField(_("latest"))
    expected = models.FloatField(_("usual"))
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("why dismissed"), max_length=300, blank=True)
    problem = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="+")
    returned_at = models.DateTimeField(_("proposed again"), null=True)

    objects = DecidedBurstQuerySet.as_manager()

    class Meta:
        verbose_name = _("incidents that came at once")
        verbose_name_plural = _("incidents that came at once")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ClusterState.values), name="problems_burst_state_known"),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(reason=""), name="problems_burst_dismissed_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(problem__isnull=False), name="problems_burst_accepted_as_problem"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-decided_at", "-id"], name="problems_burst_decided"),
            models.Index(fields=["latest_at"], condition=Q(state="dismissed"), name="problems_burst_dismissed"),
        ]

    def __str__(self) -> str:
        return f"{self.name}:{self.value}"

    def get_absolute_url(self) -> str:
        return f"/problems/together/{self.pk}/"

    @property
    def count(self) -> int:
        return len(self.record_ids)

    @property
    def is_accepted(self) -> bool:
        return self.state == ClusterState.ACCEPTED

    @property
    def is_dismissed(self) -> bool:
        return self.state == ClusterState.DISMISSED
