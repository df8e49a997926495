"""The change: any alteration that may touch a service."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.models import Record, RecordQuerySet
from services.models import ConfigurationItem, Service

from ..enums import Band, Outcome, State, StepState, Type
from ..workflow import ChangeWorkflow

PLANNED_STATES = (State.SCHEDULED, State.IMPLEMENTING)


class ChangeQuerySet(RecordQuerySet):
    def in_period(self, start: Any, end: Any) -> Self:
        """Whose window, planned or actual, touches the period [start, end)."""
        return self.filter(planned_from__lt=end, planned_to__gt=start)

    def booked(self) -> Self:
        """Whose window is taken: scheduled, or under way."""
        return self.filter(state__in=PLANNED_STATES)


class Change(ChangeWorkflow, Record):  # type: ignore[misc] # moves set fields that stand on the record
    """
    Fields of the domain reference B4 on top of the record's.

    The assignee is the implementer, the owner answers for it. `agreed_from` and `agreed_to` are the window that was
    authorized: moving within its tolerance keeps the votes.
    """

    type = models.CharField(_("type"), max_length=12, choices=Type.choices, default=Type.NORMAL, editable=False)
    model = models.ForeignKey(
        "changes.ChangeModel", on_delete=models.PROTECT, null=True, editable=False, related_name="changes",
        verbose_name=_("model"),
    )  # fmt: skip
    services = models.ManyToManyField(Service, related_name="changes", verbose_name=_("services"), blank=True)
    items = models.ManyToManyField(ConfigurationItem, related_name="changes", verbose_name=_("items"), blank=True)
    rationale = models.TextField(_("why it is needed"), blank=True)
    benefit = models.TextField(_("what it brings"), blank=True)
    harm = models.TextField(
        _("harm that it averts"),
        blank=True,
        help_text=_("for emergencies without an incident: what threatens, and when"),
    )

    implementation_plan = models.TextField(_("implementation plan"), blank=True)
    test_plan = models.TextField(_("test plan"), blank=True)
    test_evidence = models.TextField(_("test evidence"), blank=True)
    back_out_plan = models.TextField(_("back-out plan"), blank=True)
    back_out_trigger = models.TextField(_("when it is backed out"), blank=True)
    communication_plan = models.TextField(_("communication plan"), blank=True)
    outage_minutes = models.PositiveIntegerField(_("planned outage, minutes"), default=0)

    risk_score = models.PositiveSmallIntegerField(_("risk score"), null=True, editable=False)
    risk_band = models.CharField(_("risk"), max_length=12, choices=Band.choices, blank=True, editable=False)

    planned_from = models.DateTimeField(_("planned from"), null=True, blank=True, editable=False)
    planned_to = models.DateTimeField(_("planned to"), null=True, blank=True, editable=False)
    agreed_from = models.DateTimeField(null=True, editable=False)
    agreed_to = models.DateTimeField(null=True, editable=False)
    actual_from = models.DateTimeField(_("began"), null=True, editable=False)
    actual_to = models.DateTimeField(_("ended"), null=True, editable=False)

    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    authorized_at = models.DateTimeField(_("authorized"), null=True, editable=False)
    late_authorizer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("who let it begin before the board decided"),
    )  # fmt: skip
    late_approval_due_at = models.DateTimeField(_("late approval due"), null=True, editable=False)

    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, editable=False)
    review_text = models.TextField(_("review"), blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("reviewed by"),
    )  # fmt: skip
    review_due_date = models.DateField(_("review due"), null=True, editable=False)
    amend_count = models.PositiveSmallIntegerField(_("times amended"), default=0, editable=False)

    objects = ChangeQuerySet.as_manager()  # type: ignore[misc] # narrower than the record's, on purpose

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_from=None, planned_to=None) | Q(planned_from__lt=F("planned_to")),
                name="changes_window_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(actual_to=None) | Q(actual_from__lte=F("actual_to")),
                name="changes_work_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=~Q(type=Type.STANDARD) | Q(model__isnull=False), name="changes_standard_has_a_model"
            ),
            models.CheckConstraint(
                condition=Q(risk_score=None) | Q(risk_score__lte=100), name="changes_risk_score_in_range"
            ),
        ]
        indexes = [
            models.Index(fields=["planned_from", "planned_to"], name="changes_window"),
            models.Index(fields=["actual_to"], condition=Q(actual_to__isnull=False), name="changes_ended"),
            models.Index(
                fields=["late_approval_due_at"],
                condition=Q(late_approval_due_at__isnull=False),
                name="changes_late_approval",
            ),
        ]

    @property
    def is_standard(self) -> bool:
        return self.type == Type.STANDARD

    @property
    def is_emergency(self) -> bool:
        return self.type == Type.EMERGENCY

    @property
    def has_window(self) -> bool:
        return self.planned_from is not None

    @property
    def is_plainly_successful(self) -> bool:
        return self.outcome == Outcome.SUCCESSFUL


class ChangeStep(models.Model):
    """One step of the implementation, in order, with who does it and when it was planned and done."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("step"), max_length=200)
    instructions = models.TextField(_("how"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="change_steps",
        verbose_name=_("who does it"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=8, choices=StepState.choices, default=StepState.PLANNED)
    planned_from = models.DateTimeField(_("planned from"), null=True, blank=True)
    planned_to = models.DateTimeField(_("planned to"), null=True, blank=True)
    began_at = models.DateTimeField(_("began"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    note = models.CharField(_("why skipped or failed"), max_length=300, blank=True)
    is_unplanned = models.BooleanField(_("added while it was implemented"), default=False, editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("step")
        constraints = [
            models.UniqueConstraint(
                fields=["change", "position"], name="changes_step_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(state__in=[StepState.PLANNED, StepState.RUNNING], ended_at=None)
                | (~Q(state__in=[StepState.PLANNED, StepState.RUNNING]) & Q(ended_at__isnull=False)),
                name="changes_step_ended_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[StepState.SKIPPED, StepState.FAILED]) | ~Q(note=""),
                name="changes_step_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title
