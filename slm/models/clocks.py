"""The clocks: ledgers of segments with derived due moments, the facts they left and the changes they saw."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records import due_names
from records.enums import Priority
from records.models import Record, of_visible

from .. import declarations
from ..enums import LIVE_STATES, ChangeCause, ClockState, Level, SegmentKind


class ClockQuerySet(models.QuerySet["Clock"]):
    def live(self) -> Self:
        return self.filter(state__in=LIVE_STATES)

    def visible_to(self, user: Any) -> Self:
        """Clocks of records that the person may see."""
        if access_of(user).allows("clock.view"):
            return of_visible(self, user)
        return self.none()


class Clock(models.Model):
    """
    One promise about one record. The segments are the truth; `due_at` is derived from them and stored for searching.

    It may use `used_before` + `target` of working time; `used` is what the segments before the open one took.
    `generation` rises with every recomputation of the due moment; facts are unique on (clock, generation, level), so
    that work that carries an old generation does nothing.
    """

    # Indexes cost at every sweep and calendar edit: keys that another index begins with, or nobody asks by, have none.
    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, related_name="clocks")
    kind = models.CharField(_("clock"), max_length=20)
    # The part of the record that it is about, of clocks that each part has: key of the step or task, and its name then.
    part = models.BigIntegerField(null=True)
    about = models.CharField(max_length=200, null=True)
    agreement = models.ForeignKey(
        "slm.Agreement", on_delete=models.PROTECT, null=True, db_index=False, related_name="clocks"
    )
    agreement_version = models.PositiveIntegerField(default=1)
    match = models.JSONField(default=dict, help_text=_("why this agreement: what matched and what else was looked at"))
    calendar = models.ForeignKey("calendars.Calendar", on_delete=models.PROTECT, db_index=False, related_name="+")
    calendar_version = models.PositiveIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices)
    target = models.DurationField(_("target"), help_text=_("working time"))
    # No default in the database: rows written together leave columns out that have one.
    point = models.CharField(max_length=16, null=True, help_text=_("the point in time the target came from"))
    counts_from = models.DateTimeField(help_text=_("where the target counts from; moves under “from the change”"))
    used_before = models.DurationField(default=timedelta, help_text=_("working time before the target counts"))
    pause_reasons = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ClockState.choices, default=ClockState.RUNNING)
    pause_reason = models.CharField(max_length=30, blank=True)
    generation = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(_("started"))
    switched_at = models.DateTimeField(help_text=_("when the open segment began"))
    used = models.DurationField(_("working time used"), default=timedelta, help_text=_("up to the latest switch"))
    due_soon_at = models.DateTimeField(null=True)
    at_risk_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("due"), null=True, help_text=_("empty while paused"))
    next_level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    next_level_at = models.DateTimeField(null=True, help_text=_("when the sweep looks at this clock next"))
    levels = models.JSONField(null=True, help_text=_("further warnings, their moments, whether passed; none: empty"))
    stopped_at = models.DateTimeField(_("stopped"), null=True)
    breached_at = models.DateTimeField(_("missed at"), null=True, help_text=_("the due moment that passed"))
    is_breached_by_reclassification = models.BooleanField(default=False)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, db_index=False, related_name="replaces"
    )
    is_imported = models.BooleanField(default=False)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["record", "kind", "id"]
        verbose_name = _("clock")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "kind"],
                condition=Q(state__in=["pending", "running", "paused"], part=None),
                name="slm_clock_one_live",
            ),
            models.UniqueConstraint(
                fields=["record", "kind", "part"],
                condition=Q(state__in=["pending", "running", "paused"], part__isnull=False),
                name="slm_clock_one_live_a_part",
            ),
            models.CheckConstraint(
                condition=~Q(state="paused") | Q(due_at=None, next_level_at=None),
                name="slm_clock_paused_has_no_due",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "running", "paused", "void"]) | Q(stopped_at__isnull=False),
                name="slm_clock_ended_has_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_level_at", "id"],
                condition=Q(state="running", next_level_at__isnull=False),
                include=["breached_at"],  # written with the level only; forecasts are added up from this index alone
                name="slm_clock_sweep",
            ),
            models.Index(fields=["record", "id"], name="slm_clock_record"),
            models.Index(
                fields=["stopped_at", "kind"],
                condition=Q(state__in=["met", "missed"]),
                name="slm_clock_finished",
            ),
            models.Index(fields=["breached_at"], condition=Q(breached_at__isnull=False), name="slm_clock_breached"),
            models.Index(fields=["stopped_at"], condition=Q(state="missed"), name="slm_clock_missed"),
            models.Index(
                fields=["calendar", "calendar_version", "id"],
                condition=Q(state__in=["pending", "running", "paused"]),
                name="slm_clock_by_hours",
            ),
            models.Index(fields=["replaced_by"], condition=Q(replaced_by__isnull=False), name="slm_clock_replaced"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.record_id}"

    @property
    def label(self) -> str:
        """What people read for its kind, with the part that it is about."""
        label = str(declarations.label_of(self.kind))
        return f"{label}: {self.about}" if self.about else label

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def is_breached(self) -> bool:
        return self.breached_at is not None


class Segment(models.Model):
    """
    An interval of a clock: running, paused (why), or stopped until reopened. Without an end it lasts until now.

    It is counted with its own calendar and version, so that a calendar edit leaves the time before it as it was.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="segments")
    kind = models.CharField(max_length=8, choices=SegmentKind.choices)
    reason = models.CharField(max_length=30, blank=True)
    at_from = models.DateTimeField()
    at_to = models.DateTimeField(null=True)
    calendar = models.ForeignKey("calendars.Calendar", on_delete=models.PROTECT, db_index=False, related_name="+")
    calendar_version = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    entry_id = models.BigIntegerField(null=True, help_text=_("log entry of the act that began it"))

    class Meta:
        ordering = ["clock", "at_from", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(at_to=None) | Q(at_to__gte=F("at_from")), name="slm_segment_forward"),
            models.UniqueConstraint(fields=["clock"], condition=Q(at_to=None), name="slm_segment_one_open"),
        ]
        indexes = [models.Index(fields=["by"], condition=Q(by__isnull=False), name="slm_segment_by")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.at_from}"


class ClockFact(models.Model):
    """
    A threshold that was passed: true moment and moment of detection. Recorded once, never removed.

    `corrected_at` says when an act dated earlier turned out: the threshold had not been passed after all.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, db_index=False, related_name="facts")
    generation = models.PositiveIntegerField()
    level = models.CharField(_("level"), max_length=10)
    at = models.DateTimeField(_("at"))
    detected_at = models.DateTimeField(_("detected"))
    corrected_at = models.DateTimeField(_("corrected"), null=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("fact")
        constraints = [models.UniqueConstraint(fields=["clock", "generation", "level"], name="slm_fact_once")]
        indexes = [models.Index(fields=["level", "-at"], name="slm_fact_level")]

    def __str__(self) -> str:
        return f"{self.level} of {self.clock_id}"

    @property
    def label(self) -> str:
        """The level in words: a usual one, or a warning that the agreement adds."""
        return str(Level(self.level).label) if self.level in Level.values else due_names.passed(self.level)


class ClockChange(models.Model):
    """Every recomputation of a running clock: why, by whom, from which target and due moment to which."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, db_index=False, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    why = models.CharField(max_length=30, choices=ChangeCause.choices)
    policy = models.CharField(max_length=14, blank=True)
    target_before = models.DurationField(null=True)
    target_after = models.DurationField(null=True)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    entry_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["clock", "id"], name="slm_change_clock"),
            models.Index(fields=["by"], condition=Q(by__isnull=False), name="slm_change_by"),
        ]

    def __str__(self) -> str:
        return f"{self.why} of {self.clock_id}"
