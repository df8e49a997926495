"""The spine: one table with everything people list, sort and search by, whatever the kind of record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from common.refs import format_reference
from people.access import access_of

from .. import practices
from ..enums import DueState, Level, Phase, Priority, Source


class Category(models.Model):
    """What a record is about, as a tree of two levels."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(fields=["name", "parent"], name="records_category_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name


class PriorityCell(models.Model):
    """One cell of the impact × urgency matrix (domain reference A2, 3 × 3), editable in the set-up pages."""

    impact = models.PositiveSmallIntegerField(_("impact"), choices=Level.choices)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Level.choices)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)

    class Meta:
        ordering = ["impact", "urgency"]
        verbose_name = _("cell of the priority matrix")
        verbose_name_plural = _("priority matrix")
        constraints = [models.UniqueConstraint(fields=["impact", "urgency"], name="records_priority_cell_once")]

    def __str__(self) -> str:
        return f"{self.get_impact_display()} × {self.get_urgency_display()} = {self.get_priority_display()}"


class RecordQuerySet(models.QuerySet[Any]):
    """What people say about records, in code."""

    def open(self) -> Self:
        """Not done: being worked on or waiting."""
        return self.exclude(phase=Phase.DONE)

    def waiting_for(self, team: Any) -> Self:
        return self.open().filter(team=team)

    def visible_to(self, user: Any) -> Self:
        """
        Records that the person may see: those their roles reach, those they asked for, those they follow.

        Deny by default: nobody signed in, nothing. Kinds that don't exist for requesters are seen only where one may
        read work notes, whoever asked for or follows them.
        """
        from .relations import Watcher  # the watcher's model points at Record

        access = access_of(user)
        follows = Watcher.objects.filter(record_id=OuterRef("pk"), user_id=user.pk)
        own = Q(requester_id=user.pk) | Q(Exists(follows))
        seen = self.filter(access.rows("record.view", own=own))
        inside = access.rows("record.read_notes", own=Q(pk__in=[]))
        # No condition means every record; in an OR it would vanish.
        return seen.filter(~Q(kind__in=practices.inner_kinds()) | inside) if inside else seen

    def with_people(self) -> Self:
        """Fetch everything a row of a list names."""
        return self.select_related("requester", "organization", "service", "team", "assignee", "category")


class Record(models.Model):
    """
    A thing somebody asked for or somebody does, of any kind. Its key is its number, never used twice.

    Practices add columns by one level of table inheritance. `state` is protected: only `transitions.apply` moves it.
    """

    kind = models.CharField(max_length=20, editable=False)
    title = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="records_requested",
        verbose_name=_("requester"),
    )
    organization = models.ForeignKey(
        "people.Organization",
        db_index=False,
        on_delete=models.PROTECT,
        related_name="records",
        verbose_name=_("organization"),
    )
    service = models.ForeignKey(
        "services.Service",
        db_index=False,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("service"),
    )
    item = models.ForeignKey(
        "services.ConfigurationItem",
        db_index=False,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("configuration item"),
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("category"),
    )
    team = models.ForeignKey(
        "people.Team",
        db_index=False,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("team"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        db_index=False,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records_assigned",
        verbose_name=_("assignee"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        db_index=False,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records_owned",
        verbose_name=_("owner"),
        help_text=_("stays through escalations; the assignee changes"),
    )
    location = models.CharField(_("location"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=Source.choices, default=Source.OTHER)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("tags"))

    impact = models.PositiveSmallIntegerField(_("impact"), choices=Level.choices, default=Level.LOW)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Level.choices, default=Level.MEDIUM)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.P4)
    priority_reason = models.CharField(
        _("why this priority"),
        max_length=300,
        blank=True,
        help_text=_("set when it was not taken from the matrix"),
    )

    state = FSMField(_("state"), protected=True, editable=False, max_length=30)
    state_reason = models.CharField(_("reason"), max_length=30, blank=True, editable=False)
    phase = models.CharField(_("phase"), max_length=8, choices=Phase.choices, default=Phase.OPEN, editable=False)
    wake_at = models.DateTimeField(_("wakes up"), null=True, blank=True, editable=False)

    created_at = models.DateTimeField(_("recorded"), editable=False)
    opened_at = models.DateTimeField(_("opened"), editable=False)
    responded_at = models.DateTimeField(_("first response"), null=True, editable=False)
    resolved_at = models.DateTimeField(_("resolved"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), editable=False)
    replied_at = models.DateTimeField(_("latest reply"), null=True, editable=False)
    is_replied_by_requester = models.BooleanField(default=False, editable=False)
    reply_count = models.PositiveIntegerField(default=0, editable=False)
    bounce_count = models.PositiveIntegerField(_("team changes"), default=0, editable=False)
    reopen_count = models.PositiveIntegerField(_("reopened"), default=0, editable=False)

    due_at = models.DateTimeField(_("due"), null=True, editable=False, help_text=_("of the next clock to expire"))
    due_kind = models.CharField(max_length=20, blank=True, editable=False)
    due_state = models.CharField(max_length=8, choices=DueState.choices, blank=True, editable=False)
    due_calendar_id = models.BigIntegerField(null=True, editable=False)
    due_soon_at = models.DateTimeField(null=True, editable=False)
    at_risk_at = models.DateTimeField(null=True, editable=False)
    due_remaining = models.DurationField(null=True, editable=False, help_text=_("working time left when paused"))
    is_breached = models.BooleanField(_("a target was missed"), default=False, editable=False)

    has_open_steps = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("something must be ticked before it goes on")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)
    is_imported = models.BooleanField(default=False, editable=False)
    external_key = models.CharField(_("number in the other tool"), max_length=200, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints = [
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="records_record_phase_known"),
            models.CheckConstraint(
                condition=Q(priority__range=(1, 5), impact__range=(1, 3), urgency__range=(1, 3)),
                name="records_record_levels_in_range",
            ),
            models.UniqueConstraint(
                "external_key", condition=~Q(external_key=""), name="records_record_external_key_once"
            ),
        ]
        indexes = [
            models.Index(
                F("due_at").asc(nulls_last=True),
                "id",
                condition=~Q(phase="done"),
                # What is at risk or overdue is counted from the index alone: these change with `due_at` anyway.
                include=["due_state", "at_risk_at", "due_remaining"],
                name="records_open_due",
            ),
            models.Index(
                "team",
                F("due_at").asc(nulls_last=True),
                "id",
                condition=~Q(phase="done"),
                name="records_open_team_due",
            ),
            models.Index(
                "assignee",
                F("due_at").asc(nulls_last=True),
                "id",
                condition=~Q(phase="done"),
                name="records_open_assignee_due",
            ),
            models.Index(fields=["organization", "-id"], name="records_organization"),
            models.Index(fields=["requester", "-id"], name="records_requester"),
            models.Index(fields=["service", "-id"], name="records_service"),
            models.Index(fields=["-updated_at", "-id"], name="records_updated"),
            models.Index(fields=["-opened_at", "-id"], name="records_opened"),
            models.Index(fields=["resolved_at"], condition=Q(resolved_at__isnull=False), name="records_resolved"),
            models.Index(fields=["wake_at"], condition=Q(wake_at__isnull=False), name="records_wake"),
            models.Index(fields=["item"], condition=Q(item__isnull=False), name="records_item"),
            models.Index(fields=["owner"], condition=Q(owner__isnull=False), name="records_owner"),
            models.Index(fields=["team", "-id"], name="records_team"),
            models.Index(fields=["assignee", "-id"], name="records_assignee"),
            GinIndex(fields=["tags"], name="records_tags"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/{self.practice.slug}/{self.reference}/"

    @property
    def practice(self) -> "practices.Practice":
        return practices.of(self.kind)

    @property
    def reference(self) -> str:
        """`INC-1042`: the prefix shows the kind, the number is the identity."""
        return format_reference(self.practice.prefix, self.pk)

    @property
    def number(self) -> int:
        return self.pk

    @property
    def state_label(self) -> Any:
        return self.practice.state_label(self.state)

    @property
    def is_done(self) -> bool:
        return self.phase == Phase.DONE

    @property
    def is_priority_overridden(self) -> bool:
        return bool(self.priority_reason)

    @cached_property
    def specific(self) -> Any:
        """The row with the columns of its own kind; itself if it is one already."""
        model = self.practice.model
        return self if isinstance(self, model) else model.objects.get(pk=self.pk)

    def refresh_from_db(  # type: ignore[override] # the stub lacks what Django passes on
        self, using: str | None = None, fields: Iterable[str] | None = None, **options: Any
    ) -> None:
        """Read the row again, the protected state included; keep what stood there when the reading fails."""
        names = None if fields is None else list(fields)
        if names is not None and "state" not in names:
            super().refresh_from_db(using=using, fields=names, **options)
            return
        before = self.__dict__.pop("state", None)
        try:
            super().refresh_from_db(using=using, fields=names, **options)
        except BaseException:
            self.__dict__["state"] = before
            raise

    def is_overdue(self, at: datetime) -> bool:
        """Whether the next clock to expire has passed its due moment."""
        return self.due_state == DueState.RUNNING and self.due_at is not None and self.due_at <= at
