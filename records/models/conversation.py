"""What people say on a record: public replies and work notes as two streams, files, drafts, who is looking."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.models import Channel
from people.access import access_of

from .record import Record


def _readable(user: Any) -> Q:
    """
    What is public, and everything on records whose work notes the person may read.

    Following a record of another organization opens its public side only, whatever one is at home.
    """
    notes = access_of(user).rows("record.read_notes", own=Q(pk__in=[]), organization="record__organization")
    # An empty condition means everything, but vanishes in an OR.
    return Q(is_public=True) | notes if notes else notes


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: Any) -> Self:
        """Public replies for everybody who sees the record; work notes for the provider's people only."""
        seen = self.filter(record__in=Record.objects.visible_to(user))
        return seen.filter(_readable(user))


class Comment(models.Model):
    """A public reply (the requester reads it) or a work note (the team reads it). Text is Markdown, kept as typed."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("text"))
    is_public = models.BooleanField(_("public"))
    is_from_requester_side = models.BooleanField(default=False, editable=False)
    at = models.DateTimeField(_("at"))
    channel = models.CharField(max_length=12, choices=Channel.choices)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("comment")
        indexes = [models.Index(fields=["record", "at", "id"], name="records_comment_order")]

    def __str__(self) -> str:
        return self.text[:60]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: Any) -> Self:
        """Files of visible records; those of work notes for the provider's people only."""
        seen = self.filter(record__in=Record.objects.visible_to(user))
        return seen.filter(_readable(user))


class Attachment(models.Model):
    """A file on a record. The content lies under its SHA-256 in the media folder; the name is only for people."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments")
    name = models.CharField(_("file name"), max_length=255)
    content_type = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField(_("public"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("attachment")
        indexes = [models.Index(fields=["sha256"], name="records_attachment_content")]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """
    What a person has typed and not sent yet, per record and composer; a new ticket has no record.

    A shared one is shown to the colleagues who work on the record, and marked in their queue.
    With `send_at` set it is a reply held for its undo time: a worker (or the page) sends it then, as of `written_at`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="drafts")
    composer = models.CharField(max_length=20)
    content = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("draft")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "record", "composer"], name="records_draft_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(fields=["send_at"], condition=models.Q(send_at__isnull=False), name="records_draft_held"),
            models.Index(fields=["record"], condition=models.Q(is_shared=True), name="records_draft_shared"),
        ]

    def __str__(self) -> str:
        return f"{self.composer} of {self.user_id} on {self.record_id}"


class Presence(models.Model):
    """Who has a record open, and whether they are replying. Gone 45 s after the latest heartbeat."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_replying = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "user"], name="records_presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.record_id}"
