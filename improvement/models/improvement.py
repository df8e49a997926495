"""The register: improvements, the goals they trace to, votes, and the scales by which they are scored."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records.models import Record, RecordQuerySet

from ..enums import Aspect, Origin, Size, State, Step
from ..workflow import ImprovementWorkflow

LEVELS = (1, 2, 3, 4, 5)
MOST_DAYS = 366


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, user: Any) -> Self:
        """Goals of the organizations that the person's roles cover, and those that are for all of them."""
        access = access_of(user)
        if not access.allows("record.read_notes"):
            return self.none()
        covered = access.rows("record.read_notes", own=Q(pk__in=[]))
        return self.filter(Q(organization=None) | covered) if covered else self

    def active(self) -> Self:
        return self.filter(is_active=True)


class Goal(models.Model):
    """
    What the organization wants, in its own words; each improvement traces to one.

    :ivar organization: whose goal it is; None for all.
    """

    title = models.CharField(_("goal"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    organization = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("organization"),
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("owner"),
    )  # fmt: skip
    is_active = models.BooleanField(_("pursued"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        verbose_name = _("goal")
        verbose_name_plural = _("goals")

    def __str__(self) -> str:
        return self.title


class ImprovementQuerySet(RecordQuerySet):
    def started(self) -> Self:
        """That are being worked on, or wait."""
        return self.filter(state__in=[State.ACTIVE, State.ON_HOLD])

    def orphans(self) -> Self:
        """Still open, beyond triage, and tracing to no goal."""
        return self.filter(goal=None, state__in=[State.ACCEPTED, State.ACTIVE, State.ON_HOLD])


class Improvement(ImprovementWorkflow, Record):  # type: ignore[misc] # moves set fields that stand on the record
    """
    An improvement, from idea to result. The requester suggested it; the owner answers for its result.

    :ivar step: where the pointer stands, 1 to 7. :ivar loop: how many times the wheel was begun.
    :ivar acted_on: the day from which the new way holds; what is compared afterwards begins `settling_days` later.
    :ivar is_shared: shown to the suggester's colleagues in the portal, who may vote for it.
    :ivar decayed_at: when a later measurement showed that the result is gone.
    """

    origin = models.CharField(
        _("comes from"), max_length=16, choices=Origin.choices, default=Origin.PERSON, editable=False
    )
    size = models.CharField(_("size"), max_length=8, choices=Size.choices, default=Size.REGULAR)
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="improvements", verbose_name=_("goal")
    )
    kpi = models.CharField(_("measure"), max_length=60, blank=True, editable=False)
    step = models.PositiveSmallIntegerField(_("step"), choices=Step.choices, default=Step.VISION, editable=False)
    loop = models.PositiveSmallIntegerField(_("loop"), default=1, editable=False)
    value = models.PositiveSmallIntegerField(_("value"), null=True, editable=False)
    effort = models.PositiveSmallIntegerField(_("effort"), null=True, editable=False)
    risk = models.PositiveSmallIntegerField(_("risk"), null=True, editable=False)
    acted_on = models.DateField(_("in effect from"), null=True, editable=False)
    settling_days = models.PositiveSmallIntegerField(_("days to settle"), default=0, editable=False)

    is_shared = models.BooleanField(_("shown to colleagues"), default=False, editable=False)
    reply_text = models.TextField(_("reply"), blank=True, editable=False)
    triaged_at = models.DateTimeField(_("decided"), null=True, editable=False)
    triaged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    activated_at = models.DateTimeField(_("started"), null=True, editable=False)
    decayed_at = models.DateTimeField(_("result gone"), null=True, editable=False)

    objects = ImprovementQuerySet.as_manager()  # type: ignore[misc] # narrower than the record's, on purpose

    class Meta:
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        constraints = [
            models.CheckConstraint(condition=Q(step__range=(1, 7), loop__gte=1), name="improvement_step_known"),
            models.CheckConstraint(
                condition=Q(value=None, effort=None, risk=None)
                | Q(value__range=(1, 5), effort__range=(1, 5), risk__range=(1, 5)),
                name="improvement_scored_whole",
            ),
            models.CheckConstraint(condition=Q(settling_days__lte=MOST_DAYS), name="improvement_settles_in_a_year"),
        ]
        indexes = [
            models.Index(fields=["goal"], condition=Q(goal__isnull=False), name="improvement_by_goal"),
            models.Index(fields=["activated_at"], condition=Q(activated_at__isnull=False), name="improvement_by_start"),
            models.Index(fields=["triaged_at"], condition=Q(triaged_at__isnull=False), name="improvement_by_triage"),
        ]

    @property
    def is_scored(self) -> bool:
        return self.value is not None

    @property
    def is_started(self) -> bool:
        return self.state in (State.ACTIVE, State.ON_HOLD)

    @property
    def is_suggested(self) -> bool:
        return self.state == State.SUGGESTED


class Vote(models.Model):
    """Somebody who wants it too; one vote each."""

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("vote")
        constraints = [models.UniqueConstraint(fields=["improvement", "user"], name="improvement_one_vote_each")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.improvement_id}"


class Scale(models.Model):
    """
    What the five levels of value, effort or risk mean here, and how much each counts in the score.

    :ivar texts: of the levels 1 to 5.
    """

    aspect = models.CharField(_("scale"), max_length=8, choices=Aspect.choices, unique=True, editable=False)
    weight = models.PositiveSmallIntegerField(_("weight"))
    texts = ArrayField(models.CharField(max_length=120), size=5, verbose_name=_("levels"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        constraints = [
            models.CheckConstraint(condition=Q(weight__lte=100), name="improvement_weight_in_range"),
            models.CheckConstraint(condition=Q(texts__len=5), name="improvement_five_levels"),
        ]

    def __str__(self) -> str:
        return str(self.get_aspect_display())
