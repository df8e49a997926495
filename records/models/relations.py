"""How records and people relate: typed links, followers, tasks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..enums import REVERSE_LABELS, LinkKind, TaskState
from .record import Record


class Link(models.Model):
    """`from_record` is <kind> `to_record`. One row tells both directions."""

    from_record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="links_out")
    to_record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(_("link"), max_length=20, choices=LinkKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "id"]
        verbose_name = _("link")
        constraints = [
            models.UniqueConstraint(fields=["from_record", "to_record", "kind"], name="records_link_once"),
            models.CheckConstraint(condition=~Q(from_record=F("to_record")), name="records_link_not_to_itself"),
            models.UniqueConstraint(
                fields=["from_record"], condition=Q(kind="child_of"), name="records_link_one_parent"
            ),
            models.UniqueConstraint(
                fields=["from_record"], condition=Q(kind="duplicate_of"), name="records_link_one_original"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_record_id} {self.kind} {self.to_record_id}"

    @property
    def reverse_label(self) -> object:
        """The link as read from the second record."""
        return REVERSE_LABELS[LinkKind(self.kind)]


class Watcher(models.Model):
    """Somebody who follows a record: may read it and is told of public replies."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watched")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("watcher")
        constraints = [models.UniqueConstraint(fields=["record", "user"], name="records_watcher_once")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.record_id}"


class Task(models.Model):
    """A step on a record's checklist. A mandatory one must be done or skipped with a reason before it is resolved."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(_("task"), max_length=200)
    is_mandatory = models.BooleanField(_("must be done"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    skip_reason = models.CharField(_("why skipped"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("task")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="records_task_ended_when_not_open",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ExternalReference(models.Model):
    """Something in another tool that the record points at: a problem, a change, a supplier's call."""

    class Relation(models.TextChoices):
        PROBLEM = "problem", _("problem")
        CHANGE = "change", _("change")
        CAUSED_BY = "caused_by", _("caused by change")
        SUPPLIER = "supplier", _("supplier")
        OTHER = "other", _("other")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="external_references")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation.choices)
    key = models.CharField(_("key"), max_length=120)
    url = models.URLField(_("address"), blank=True)

    class Meta:
        ordering = ["relation", "key"]
        verbose_name = _("reference to another tool")
        constraints = [
            models.UniqueConstraint(fields=["record", "relation", "key"], name="records_external_reference_once")
        ]
        indexes = [models.Index(fields=["relation", "key"], name="records_external_key")]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.key}"
