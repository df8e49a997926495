"""The append-only log of acts, and the outbox of what must happen after they were committed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The door through which an act came in."""

    WEB = "web", _("browser")
    API = "api", _("API")
    PORTAL = "portal", _("portal")
    MAIL = "mail", _("e-mail")
    WORKER = "worker", _("background work")
    COMMAND = "command", _("command line")
    IMPORT = "import", _("import")


class Entry(models.Model):
    """
    One act: who did what to what, when, through which door, with what before and after.

    Rows are never changed or removed: a trigger refuses it. Another trigger links each row to the one before it of
    the same subject by a hash, so that a later change shows (`manage.py verify_audit`).
    """

    at = models.DateTimeField(_("at"), help_text=_("moment of the act"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    action = models.CharField(_("action"), max_length=80)
    subject_kind = models.CharField(_("about"), max_length=40)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=200, blank=True)
    organization_id = models.BigIntegerField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("who"),
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    reason = models.TextField(_("reason"), blank=True)
    changes = models.JSONField(_("changes"), default=dict, help_text=_("field: [before, after]"))
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    hash = models.BinaryField(max_length=32, null=True, editable=False)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_entry_subject"),
            models.Index(fields=["-at", "-id"], name="audit_entry_latest"),
            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
            models.Index(fields=["action", "-id"], name="audit_entry_action"),
            models.Index(
                fields=["on_behalf_of"], condition=models.Q(on_behalf_of__isnull=False), name="audit_entry_behalf"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label}"

    def changed(self, field: str) -> tuple[Any, Any] | None:
        """Before and after of a field, None where the act left it alone."""
        pair = self.changes.get(field)
        return (pair[0], pair[1]) if pair else None


class Dispatch(models.Model):
    """One subscriber's share of an entry: what it still has to do after the commit, and how often it tried."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        DONE = "done", _("done")
        PARKED = "parked", _("parked")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, db_index=False, related_name="dispatches")
    subscriber = models.CharField(_("subscriber"), max_length=80)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    error = models.TextField(_("error"), blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        constraints = [models.UniqueConstraint(fields=["entry", "subscriber"], name="audit_dispatch_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="pending"), name="audit_dispatch_pending"),
            models.Index(fields=["id"], condition=models.Q(state="parked"), name="audit_dispatch_parked"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} of {self.entry_id}"
