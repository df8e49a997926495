"""One approval: the version it is about, its steps, the seats of each, and the votes."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Record, Task

from .. import purposes, subjects
from ..enums import Choice, Handover, Quorum, State, StepState
from ..rules import Ballot, Rule
from .policies import ApprovalPolicy, StepTerms

_FOUND = "_subject"
ABOUT_ONE_THING = Q(record__isnull=False, subject_kind="", subject_key__isnull=True) | (
    Q(record__isnull=True, subject_key__isnull=False) & ~Q(subject_kind="")
)


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def visible_to(self, user: Any) -> Self:
        """Those of records that the person may see; `approvals.queries` knows who else may read one."""
        return self.filter(record__in=Record.objects.visible_to(user))

    def about(self, subject: Any) -> Self:
        """Those about a record or another subject."""
        return self.filter(**subjects.columns(subject))


class Approval(models.Model):
    """
    A decision about one version of a record, or of another declared subject, for one purpose.

    Votes count for `subject_version` only; when what is decided changes, the approval lapses and is kept.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="approvals")
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_key = models.BigIntegerField(null=True)
    purpose = models.CharField(_("decides"), max_length=60)
    subject_version = models.CharField(max_length=64)
    policy = models.ForeignKey(
        ApprovalPolicy, on_delete=models.SET_NULL, null=True, related_name="approvals", verbose_name=_("policy")
    )
    policy_version = models.PositiveIntegerField(_("version of the policy"), default=0)
    policy_name = models.CharField(max_length=200, blank=True)
    why = models.JSONField(default=dict, help_text=_("which policies were compared, and why this one"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("reason"), max_length=500, blank=True)
    excluded = models.JSONField(default=dict, help_text=_("person: why they may not decide, as it stood at the start"))
    excluded_ids = ArrayField(models.BigIntegerField(), default=list)
    snapshot = models.JSONField(default=list, help_text=_("what the approvers were shown"))
    version = models.PositiveIntegerField(default=1)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="approvals_approval_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="approvals_approval_ended_when_not_open",
            ),
            models.UniqueConstraint(
                fields=["record", "purpose"], condition=Q(state="open"), name="approvals_approval_one_open"
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key", "purpose"],
                condition=Q(state="open", record=None),
                name="approvals_approval_one_open_elsewhere",
            ),
            models.CheckConstraint(condition=ABOUT_ONE_THING, name="approvals_approval_about_one_thing"),
        ]
        indexes = [
            models.Index(fields=["record", "-id"], name="approvals_approval_record"),
            models.Index(
                fields=["subject_kind", "subject_key", "-id"],
                condition=Q(record=None),
                name="approvals_approval_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.record_id or f'{self.subject_kind} {self.subject_key}'}"

    def get_absolute_url(self) -> str:
        return f"/decisions/{self.pk}/"

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def subject(self) -> Any:
        """What it is about: the record, or the other subject; None where that is gone."""
        if self.record_id is not None:
            return self.record
        if _FOUND not in self.__dict__:
            self.__dict__[_FOUND] = subjects.find(self.subject_kind, self.subject_key)
        return self.__dict__[_FOUND]

    @subject.setter
    def subject(self, subject: Any) -> None:
        if self.record_id is not None:
            self.record = subject
        else:
            self.__dict__[_FOUND] = subject

    @property
    def organization_id(self) -> int | None:
        """Whose record it is about; the permission matrix asks."""
        return self.subject.organization_id  # type: ignore[no-any-return] # of any declared kind

    @property
    def requester_id(self) -> int | None:
        return self.subject.requester_id  # type: ignore[no-any-return] # of any declared kind

    @property
    def takes_conditions(self) -> bool:
        """Whether an approval may come with conditions: they become tasks, which records have."""
        return self.record_id is not None

    @property
    def label(self) -> Any:
        """What is decided; the name of the purpose where its practice is not installed any more."""
        purpose = purposes.find(self.purpose)
        return purpose.label if purpose else self.purpose

    @property
    def version_stamp(self) -> str:
        """The first letters of the fingerprint, for people to compare."""
        return self.subject_version[:8]


class Step(StepTerms):
    """A step of a running approval. Its terms are copies: later versions of the policy don't touch it."""

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=10, choices=StepState.choices, default=StepState.WAITING)
    opened_at = models.DateTimeField(_("opened"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    expired_at = models.DateTimeField(_("deadline passed"), null=True)
    decided_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["approval", "position"]
        verbose_name = _("step")
        constraints = [
            models.UniqueConstraint(fields=["approval", "position"], name="approvals_step_once"),
            models.UniqueConstraint(fields=["approval"], condition=Q(state="open"), name="approvals_step_one_open"),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"], condition=Q(state="open", reminded_at=None), name="approvals_step_remind"
            ),
            models.Index(fields=["due_at"], condition=Q(state="open", expired_at=None), name="approvals_step_due"),
            models.Index(fields=["decided_at"], condition=Q(decided_at__isnull=False), name="approvals_step_decided"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == StepState.OPEN

    @property
    def rule(self) -> Rule:
        return Rule(quorum=Quorum(self.quorum), needed=self.needed, least_votes=self.least_votes)


class Seat(models.Model):
    """
    One vote of a step, frozen when the approval starts.

    `holder` was asked; `acting` is who sits there now: the same person unless it was handed over or fell to somebody.
    Nobody sits on a vacant seat, but it still counts.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="seats")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approval_seats")
    acting = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="approval_seats_acting"
    )
    why = models.CharField(_("why they are asked"), max_length=200)
    is_mandatory = models.BooleanField(_("must approve"), default=False)
    is_deciding = models.BooleanField(_("decides alone"), default=False)
    handover = models.CharField(max_length=10, choices=Handover.choices, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handover_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["step", "-is_mandatory", "id"]
        verbose_name = _("seat")
        constraints = [
            models.UniqueConstraint(fields=["step", "holder", "is_deciding"], name="approvals_seat_holder_once"),
            models.UniqueConstraint(fields=["step", "acting", "is_deciding"], name="approvals_seat_acting_once"),
        ]
        indexes = [models.Index(fields=["acting", "-id"], name="approvals_seat_acting")]

    def __str__(self) -> str:
        return f"{self.holder_id} in {self.step_id}"

    @property
    def is_vacant(self) -> bool:
        return self.acting_id is None

    @property
    def is_handed_over(self) -> bool:
        return self.acting_id is not None and self.acting_id != self.holder_id

    def ballot(self, choice: str | None) -> Ballot:
        """The seat as the pure rule sees it."""
        said = None if choice is None else Choice(choice)
        return Ballot(choice=said, is_mandatory=self.is_mandatory, is_deciding=self.is_deciding)


class Vote(models.Model):
    """What a seat said. A changed mind is a new row; the one before is kept with the moment it was replaced."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="votes")
    choice = models.CharField(_("vote"), max_length=10, choices=Choice.choices)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approval_votes")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("acting for")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("written down by"), help_text=_("who noted it in a meeting; empty where they voted themselves"),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("vote")
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(replaced_at=None), name="approvals_vote_one_current"),
            models.CheckConstraint(condition=~Q(choice="reject") | ~Q(reason=""), name="approvals_vote_reject_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.choice} by {self.by_id}"

    @property
    def is_current(self) -> bool:
        return self.replaced_at is None


class VoteCondition(models.Model):
    """Something an approver asked for with their approval; a mandatory task of the record once it is approved."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="conditions")
    text = models.CharField(_("condition"), max_length=200)
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = _("condition of a vote")

    def __str__(self) -> str:
        return self.text
