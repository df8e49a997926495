"""Proposals: incidents that look as if one problem lay behind them, and what people made of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Category, Record
from services.models import ConfigurationItem, Service

from ..enums import ClusterState, Trend
from .reach import within_reach

CLEARLY = 1.5
FEWEST_APART = 3


class ClusterQuerySet(models.QuerySet["Cluster"]):
    def proposed(self) -> "ClusterQuerySet":
        return self.filter(state=ClusterState.PROPOSED)

    def visible_to(self, user: object) -> "ClusterQuerySet":
        """
        Proposals whose incidents all belong to organizations that the person's roles cover.

        Half a cluster would tell of the other half by its count.
        """
        return within_reach(self, user)


class Cluster(models.Model):
    """
    Similar incidents of one service, category and item.

    Counts are of the latest run and cover its days; they are of incidents that no problem explains yet. What was
    decided stays, and is found again by its fingerprint.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    is_sample = models.BooleanField(default=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, related_name="+")
    item = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, null=True, related_name="+")
    subject = models.CharField(
        _("typical subject"), max_length=200, blank=True, help_text=_("empty: only the coded fields are the same")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ClusterState.choices, default=ClusterState.PROPOSED, editable=False
    )

    member_count = models.PositiveIntegerField(_("incidents"))
    likeness = models.PositiveSmallIntegerField(_("alike"), help_text=_("percent, mean over the incidents"))
    first_at = models.DateTimeField(_("first"))
    latest_at = models.DateTimeField(_("latest"))
    lost_minutes = models.PositiveBigIntegerField(_("user minutes lost"))
    earlier_count = models.PositiveIntegerField(_("in the earlier half"))
    later_count = models.PositiveIntegerField(_("in the later half"))
    organization_ids = ArrayField(models.BigIntegerField())
    found_at = models.DateTimeField(_("first proposed"))
    counted_at = models.DateTimeField(_("counted"))
    counted_from = models.DateTimeField(_("counted from"))

    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_count = models.PositiveIntegerField(null=True)
    reason = models.CharField(_("why dismissed"), max_length=300, blank=True)
    problem = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="+")
    returned_at = models.DateTimeField(_("proposed again"), null=True)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of similar incidents")
        verbose_name_plural = _("groups of similar incidents")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ClusterState.values), name="problems_cluster_state_known"),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_at__isnull=False, decided_count__isnull=False),
                name="problems_cluster_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(reason=""), name="problems_cluster_dismissed_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(problem__isnull=False), name="problems_cluster_accepted_as_problem"
            ),
        ]
        indexes = [models.Index(fields=["state", "-lost_minutes", "id"], name="problems_cluster_state")]

    def __str__(self) -> str:
        return self.subject or str(_("same service, category and item"))

    def get_absolute_url(self) -> str:
        return f"/problems/finding/{self.pk}/"

    @property
    def is_proposed(self) -> bool:
        return self.state == ClusterState.PROPOSED

    @property
    def is_accepted(self) -> bool:
        return self.state == ClusterState.ACCEPTED

    @property
    def is_dismissed(self) -> bool:
        return self.state == ClusterState.DISMISSED

    @property
    def lost_hours(self) -> int:
        return round(self.lost_minutes / 60)

    @property
    def likeness_text(self) -> str:
        return f"{self.likeness}%"

    @property
    def trend(self) -> Trend:
        """Half as many again, and three at least, make a trend; less is chance."""
        earlier, later = self.earlier_count, self.later_count
        if later - earlier >= FEWEST_APART and later >= earlier * CLEARLY:
            return Trend.RISING
        if earlier - later >= FEWEST_APART and earlier >= later * CLEARLY:
            return Trend.FALLING
        return Trend.STEADY


class ClusterMember(models.Model):
    """An incident of a cluster, and how like the typical subject its own is."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="members")
    # Without a constraint: checking one would lock a hundred thousand tickets against the people who work on them.
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    likeness = models.PositiveSmallIntegerField(_("alike"), help_text=_("percent"))

    class Meta:
        verbose_name = _("similar incident")
        constraints = [models.UniqueConstraint(fields=["record"], name="problems_cluster_member_once")]

    def __str__(self) -> str:
        return f"{self.record_id} in {self.cluster_id}"


class Run(models.Model):
    """One look through the recent incidents."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField()
    counted_to = models.DateTimeField()
    incident_count = models.PositiveIntegerField(default=0)
    proposed_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("look through the incidents")

    def __str__(self) -> str:
        return f"{self.counted_from:%Y-%m-%d} to {self.counted_to:%Y-%m-%d}"
