"""Approval policies as data: for which records which steps with which approvers; boards; and the frozen versions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import Role

from ..enums import ApproverKind, Comparison, Expiry, Quorum


class Board(models.Model):
    """People who decide together though they are no team: a change advisory board, a board for emergencies."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("board")
        verbose_name_plural = _("boards")

    def __str__(self) -> str:
        return self.name


class BoardMember(models.Model):
    """A seat on a board. A mandatory member must approve and holds a veto, as the chair does."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="board_seats", verbose_name=_("person")
    )
    is_chair = models.BooleanField(_("chair"), default=False)
    is_mandatory = models.BooleanField(_("must approve"), default=False)

    class Meta:
        ordering = ["-is_chair", "user__name"]
        verbose_name = _("member of a board")
        constraints = [
            models.UniqueConstraint(fields=["board", "user"], name="approvals_board_member_once"),
            models.UniqueConstraint(fields=["board"], condition=Q(is_chair=True), name="approvals_board_one_chair"),
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.board}"


class ApprovalPolicy(models.Model):
    """
    Who decides a purpose for which records. Of those that match, the one with the most conditions is taken.

    Running approvals keep the version they started under; `ApprovalPolicyVersion` holds its terms.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    purpose = models.CharField(_("decides"), max_length=60)
    position = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("The smaller one is taken among policies with equally many conditions.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["purpose", "position", "name"]
        verbose_name = _("approval policy")
        verbose_name_plural = _("approval policies")
        indexes = [models.Index(fields=["purpose"], condition=Q(is_active=True), name="approvals_policy_in_use")]

    def __str__(self) -> str:
        return self.name


class PolicyCondition(models.Model):
    """One condition; all of a policy must hold. `fact` is a name that the purpose offers."""

    policy = models.ForeignKey(ApprovalPolicy, on_delete=models.CASCADE, related_name="conditions")
    fact = models.CharField(_("value"), max_length=40)
    comparison = models.CharField(_("comparison"), max_length=10, choices=Comparison.choices, default=Comparison.IS)
    values = ArrayField(models.CharField(max_length=100), verbose_name=_("compared with"))

    class Meta:
        ordering = ["policy", "id"]
        verbose_name = _("condition of an approval policy")

    def __str__(self) -> str:
        return f"{self.fact} {self.comparison} {', '.join(self.values)}"


class StepTerms(models.Model):
    """How a step decides and until when: the same columns in a policy and in a running approval."""

    position = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=120)
    quorum = models.CharField(_("how many must approve"), max_length=10, choices=Quorum.choices, default=Quorum.ALL)
    needed = models.PositiveSmallIntegerField(
        _("number or share"), default=0, help_text=_("For a number of them, or a share in percent.")
    )
    least_votes = models.PositiveSmallIntegerField(
        _("least votes"), default=0, help_text=_("Votes that must be cast, abstentions included.")
    )
    deadline_minutes = models.PositiveIntegerField(_("deadline, minutes"), null=True, blank=True)
    calendar = models.ForeignKey(
        "calendars.Calendar",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hours"),
        help_text=_("The deadline counts working time of this calendar; without one it counts every minute."),
    )
    remind_minutes = models.PositiveIntegerField(_("reminder before the deadline, minutes"), null=True, blank=True)
    on_expiry = models.CharField(_("after the deadline"), max_length=10, choices=Expiry.choices, default=Expiry.REMIND)
    escalate_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who decides then"),
    )

    class Meta:
        abstract = True


class PolicyStep(StepTerms):
    policy = models.ForeignKey(ApprovalPolicy, on_delete=models.CASCADE, related_name="steps")

    class Meta:
        ordering = ["policy", "position"]
        verbose_name = _("step of an approval policy")
        constraints = [
            models.UniqueConstraint(fields=["policy", "position"], name="approvals_policy_step_once"),
            models.CheckConstraint(
                condition=~Q(quorum="percent") | Q(needed__range=(1, 100)), name="approvals_policy_step_share"
            ),
            models.CheckConstraint(
                condition=~Q(quorum="count") | Q(needed__gte=1), name="approvals_policy_step_number"
            ),
            models.CheckConstraint(
                condition=~Q(on_expiry="escalate") | Q(escalate_to__isnull=False),
                name="approvals_policy_step_escalates_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StepApprover(models.Model):
    """Whom a step asks."""

    step = models.ForeignKey(PolicyStep, on_delete=models.CASCADE, related_name="approvers")
    kind = models.CharField(_("who"), max_length=20, choices=ApproverKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_mandatory = models.BooleanField(_("must approve"), default=False)

    class Meta:
        ordering = ["step", "id"]
        verbose_name = _("approver of a step")
        constraints = [
            models.CheckConstraint(
                condition=(
                    (~Q(kind="person") | Q(person__isnull=False))
                    & (~Q(kind="role") | ~Q(role=""))
                    & (~Q(kind="team") | Q(team__isnull=False))
                    & (~Q(kind="board") | Q(board__isnull=False))
                ),
                name="approvals_step_approver_named",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"


class ApprovalPolicyVersion(models.Model):
    """The terms of a policy under one number. Written once, never changed."""

    policy = models.ForeignKey(ApprovalPolicy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    document = models.JSONField()
    created_at = models.DateTimeField(_("since"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        ordering = ["policy", "-number"]
        verbose_name = _("version of an approval policy")
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="approvals_policy_version_once")]

    def __str__(self) -> str:
        return f"{self.policy_id} v{self.number}"
