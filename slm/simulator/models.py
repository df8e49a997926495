"""Simulations: a draft, the clocks it is tried on, and what would change, clock by clock."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from records.enums import Priority
from records.models import Record

from .. import declarations
from ..models import Clock
from .enums import ENDED, Effect, State


class SimulationQuerySet(models.QuerySet["Simulation"]):
    def visible_to(self, user: Any) -> Self:
        """One's own: what is in it depends on what its maker may see."""
        if access_of(user).allows("simulation.run"):
            return self.filter(by=user.pk)
        return self.none()

    def unfinished(self) -> Self:
        return self.exclude(state__in=ENDED)


class Simulation(models.Model):
    """
    A draft tried on clocks, without changing one of them.

    :ivar draft: as `drafts.Draft.as_document` writes it. :ivar title: what is tried, as its maker read it.
    :ivar clocks_from: clocks that finished since then are looked at; None for none of the finished ones.
    :ivar at: moment against which open clocks are judged.
    :ivar latest: the last clock that was looked at, in the order of keys; the work goes on behind it.
    :ivar counts: what was found so far, as `counting.Counts.as_document` writes it.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("what is tried"), max_length=200)
    draft = models.JSONField()
    clocks_from = models.DateTimeField(_("finished since"), null=True)
    has_open = models.BooleanField(_("open clocks too"))
    is_sample = models.BooleanField(default=False, editable=False)
    at = models.DateTimeField(_("asked"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(_("clocks"), default=0)
    done = models.PositiveIntegerField(_("clocks looked at"), default=0)
    latest = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    worked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = SimulationQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("simulation")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="slm_simulator_known_state"),
            models.CheckConstraint(
                condition=Q(has_open=True) | Q(clocks_from__isnull=False), name="slm_simulator_looks_at_something"
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-at"], name="slm_simulator_own"),
            models.Index(fields=["id"], condition=~Q(state__in=["done", "stopped"]), name="slm_simulator_unfinished"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in ENDED

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


class Outcome(models.Model):
    """A clock that the draft would change. Durations are working time; due moments are empty while a clock waits."""

    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, db_index=False, related_name="outcomes")
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("clock"), max_length=20)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    is_open = models.BooleanField(_("open"))
    effect = models.CharField(_("effect"), max_length=12, choices=Effect.choices)
    is_missed_before = models.BooleanField()
    is_missed_after = models.BooleanField()
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    used_before = models.DurationField()
    used_after = models.DurationField()

    class Meta:
        ordering = ["simulation", "id"]
        verbose_name = _("outcome")
        constraints = [
            models.UniqueConstraint(fields=["simulation", "clock"], name="slm_simulator_outcome_once"),
        ]
        indexes = [models.Index(fields=["simulation", "effect", "-id"], name="slm_simulator_by_effect")]

    def __str__(self) -> str:
        return f"{self.effect}: {self.clock_id}"

    @property
    def label(self) -> str:
        """What people read for the clock."""
        return declarations.label_of(self.kind)
