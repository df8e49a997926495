"""Procedures, their versions with steps, and the rules by which a draft comes into force."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.enums import Role
from records.practices import PROCESSES
from records.processes import step_label

from ..enums import OPEN, VersionState, Way


class Procedure(models.Model):
    """
    Who does what, and how, at one step of a process. What it says stands in its versions, of which one is in force.

    Process and step never change; `slug` is an address, and the first half of the keys of its steps.
    """

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    process = models.CharField(_("process"), max_length=12, choices=PROCESSES)
    step = models.CharField(_("step of the process"), max_length=20)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("owner"),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["process", "position", "name", "id"]
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        constraints = [
            models.CheckConstraint(condition=Q(process__in=list(PROCESSES)), name="procedures_process_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(step=""), name="procedures_procedure_says_what"),
        ]
        indexes = [models.Index(fields=["process", "step", "position"], name="procedures_at_step")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/procedures/{self.slug}/"

    @property
    def step_label(self) -> Any:
        return step_label(self.process, self.step)


class ProcedureVersion(models.Model):
    """
    What a procedure says: its purpose, for which records, its steps.

    Only a draft is edited. `kinds` names the records on which it is done; with none it is done outside of records. The
    other conditions narrow that; an empty one asks for nothing.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    instructions = models.TextField(_("work instructions"), max_length=20_000, blank=True)
    kinds = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("kinds of records"))
    service_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("services"))
    team_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("teams"))
    organization_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("customers"))
    priorities = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("priorities"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"))
    what_changed = models.CharField(_("what changed and why"), max_length=500, blank=True)
    way = models.CharField(max_length=8, choices=Way.choices, blank=True, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, editable=False)
    raises = models.CharField(
        max_length=100, blank=True, editable=False, help_text=_("which change it waits for; none: empty")
    )
    carrier_id = models.BigIntegerField(
        null=True, editable=False, help_text=_("number of the record by which it is decided")
    )
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    in_force_from = models.DateTimeField(_("in force from"), null=True, editable=False)
    in_force_to = models.DateTimeField(_("in force to"), null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False, help_text=_("of the draft, for comparing"))

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of a procedure")
        verbose_name_plural = _("versions of procedures")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="procedures_version_state_known"),
            models.UniqueConstraint(fields=["procedure", "number"], name="procedures_version_numbered_once"),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state="in_force"), name="procedures_one_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state__in=OPEN), name="procedures_one_draft_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(in_force_from__isnull=False, in_force_to__isnull=True),
                name="procedures_in_force_since_some_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["carrier_id"], condition=Q(carrier_id__isnull=False), name="procedures_version_carrier"
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.procedure.get_absolute_url()}versions/{self.number}/"

    # What the approval engine asks of whatever it decides about.
    kind = "procedure_version"
    reference = ""
    organization_id: int | None = None

    @property
    def title(self) -> str:
        return gettext("%(procedure)s, version %(number)d") % {"procedure": self.procedure.name, "number": self.number}

    @property
    def requester_id(self) -> int | None:
        return self.proposed_by_id

    @property
    def is_done(self) -> bool:
        return self.state not in OPEN

    @property
    def is_sample(self) -> bool:
        return self.procedure.is_sample

    @property
    def is_carried(self) -> bool:
        """Whether a change has been raised that it waits for."""
        return self.is_proposed and self.carrier_id is not None

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT

    @property
    def is_proposed(self) -> bool:
        return self.state == VersionState.PROPOSED

    @property
    def is_in_force(self) -> bool:
        return self.state == VersionState.IN_FORCE


class ProcedureStep(models.Model):
    """
    One step of a version. Its `slug` stays from version to version, whatever the step is called.

    `procedure.slug:step.slug` is the key by which frameworks name it.
    """

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="steps")
    slug = models.SlugField(_("short name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("what is done"), max_length=200)
    role = models.CharField(_("by whom"), max_length=24, choices=Role.choices)
    guidance = models.TextField(_("how"), max_length=10_000, blank=True)
    is_mandatory = models.BooleanField(
        _("must be done"), default=False, help_text=_("Before the record goes on to a later step of its process.")
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("step of a procedure")
        verbose_name_plural = _("steps of procedures")
        constraints = [
            models.UniqueConstraint(fields=["version", "slug"], name="procedures_step_named_once"),
            models.CheckConstraint(condition=~Q(name=""), name="procedures_step_says_what"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="procedures_step_role_known"),
        ]

    def __str__(self) -> str:
        return self.name


class ActivationRule(models.Model):
    """
    What has to happen before a draft comes into force. The first rule that fits, by position, decides.

    `processes` empty: any process. `with_mandatory_steps`: only drafts with a step that must be done. `raises`: which
    change, one of those that the carrier offers; the draft comes into force when it was carried out.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    processes = ArrayField(models.CharField(max_length=12), default=list, blank=True, verbose_name=_("processes"))
    with_mandatory_steps = models.BooleanField(_("only with steps that must be done"), default=False)
    way = models.CharField(_("what has to happen"), max_length=8, choices=Way.choices)
    raises = models.CharField(_("change that is raised"), max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("rule for activating procedures")
        verbose_name_plural = _("rules for activating procedures")
        constraints = [
            models.CheckConstraint(condition=Q(way__in=Way.values), name="procedures_rule_way_known"),
            models.CheckConstraint(
                condition=Q(way=Way.APPROVAL)
                | (Q(way=Way.CHANGE) & ~Q(raises=""))
                | (~Q(way=Way.CHANGE) & Q(raises="")),
                name="procedures_rule_raises_where_it_may",
            ),
        ]

    def __str__(self) -> str:
        return self.name
