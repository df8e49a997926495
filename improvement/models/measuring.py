"""Baselines, targets and verdicts: what is measured before and after, and what the comparison says."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from measurement import declarations
from measurement.declarations import KPI, Unit
from measurement.values import write

from ..enums import Word
from .improvement import Improvement

FILTERS = ("service", "team", "priority", "organization")


class Measure(models.Model):
    """
    What an improvement is measured by, in one loop: a KPI with a baseline and a target, or an observation in words.

    The baseline is pinned: its values and the fingerprint of the rows counted stay, whatever is recounted later.

    :ivar kpi: id of the KPI; empty for an observation.
    :ivar organizations: those whose records are counted, of whoever chose the measure; None means all.
    :ivar baseline: what was found, see `queries.samples.pinned`. :ivar baseline_to: the end, not included.
    :ivar target: in the unit of the KPI. :ivar needed: the minimum sample, told when the target is set.
    """

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="measures")
    loop = models.PositiveSmallIntegerField()
    kpi = models.CharField(_("measure"), max_length=60, blank=True)
    service = models.ForeignKey("services.Service", on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, null=True, related_name="+")
    priority = models.PositiveSmallIntegerField(null=True)
    organizations = ArrayField(models.BigIntegerField(), null=True)
    is_sample = models.BooleanField(default=False)

    baseline_text = models.CharField(_("what we see now"), max_length=500, blank=True)
    baseline_from = models.DateField(_("baseline from"), null=True)
    baseline_to = models.DateField(_("baseline to"), null=True)
    baseline = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    definition = models.PositiveSmallIntegerField(null=True)
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    pinned_at = models.DateTimeField(null=True)

    target = models.FloatField(_("target"), null=True)
    target_text = models.CharField(_("what we want to see"), max_length=500, blank=True)
    target_date = models.DateField(_("to be reached by"), null=True)
    targeted_at = models.DateTimeField(null=True)
    needed = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        verbose_name = _("measure")
        constraints = [
            models.CheckConstraint(
                condition=Q(baseline_from=None, baseline_to=None) | Q(baseline_from__lt=F("baseline_to")),
                name="improvement_baseline_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=(~Q(kpi="") & Q(baseline_from__isnull=False)) | (Q(kpi="") & ~Q(baseline_text="")),
                name="improvement_measure_has_a_baseline",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @cached_property
    def declared(self) -> KPI | None:
        """The KPI as it is declared now; None for an observation, or when its practice is not installed any more."""
        return next((each for each in declarations.kpis() if each.id == self.kpi), None)

    @property
    def name(self) -> Any:
        """What people call it."""
        if self.is_observation:
            return self.baseline_text
        return self.declared.name if self.declared is not None else self.kpi

    @property
    def aim(self) -> str:
        """The target as people read it."""
        return self.target_text if self.is_observation else self.written(self.target)

    @property
    def baseline_value(self) -> str:
        return self.written(self.baseline.get("value"))

    def written(self, number: float | None) -> str:
        """A figure with the unit of the KPI; plain counts are figures of a week."""
        if number is None or self.declared is None:
            return write(None, "")
        if self.baseline.get("kind") == "rate" and self.declared.unit == Unit.COUNT:
            return gettext("%(number)s a week") % {"number": number_format(round(number, 1), 1)}
        return write(number, self.declared.unit)

    @property
    def scope_text(self) -> str:
        """Whose records are counted, in words."""
        parts = [str(each) for each in (self.service, self.team, self.organization) if each is not None]
        if self.priority is not None:
            parts.append(f"P{self.priority}")
        return ", ".join(parts)

    @property
    def is_observation(self) -> bool:
        return not self.kpi

    @property
    def has_target(self) -> bool:
        return self.target_date is not None

    @property
    def filters(self) -> dict[str, int]:
        """As `measurement.scope` takes them."""
        keys: dict[str, Any] = {
            "service": self.service_id, "team": self.team_id, "priority": self.priority,
            "organization": self.organization_id,
        }  # fmt: skip
        return {name: int(key) for name, key in keys.items() if key is not None}


class Verdict(models.Model):
    """
    What one comparison said. Never changed afterwards; a later one stands beside it.

    :ivar months: after the action: 0 for the first look, then 3, 6 and 12.
    :ivar numbers: effect, interval and counts. :ivar signals: of the control chart. :ivar rivals: what else happened.
    :ivar note: for observations, what a person saw.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="verdicts")
    months = models.PositiveSmallIntegerField(default=0)
    acted_on = models.DateField()
    after_from = models.DateField()
    after_to = models.DateField()
    word = models.CharField(_("verdict"), max_length=12, choices=Word.choices)
    numbers = models.JSONField(default=dict)
    signals = models.JSONField(default=list)
    rivals = models.JSONField(default=list)
    note = models.CharField(max_length=1000, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("verdict")
        constraints = [
            models.CheckConstraint(
                condition=Q(after_from__lt=F("after_to")), name="improvement_verdict_over_some_days"
            ),
            models.UniqueConstraint(
                fields=["measure", "months", "acted_on"], condition=Q(months__gt=0), name="improvement_remeasured_once"
            ),
        ]

    def __str__(self) -> str:
        return self.word
