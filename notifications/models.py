"""The inbox in the product: work that needs somebody, grouped by what it is about: a record, or another subject."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    ASSIGNED = "assigned", _("assigned to you")
    MENTIONED = "mentioned", _("mentioned you")
    REPLIED = "replied", _("replied")
    AT_RISK = "at_risk", _("at risk")
    BREACHED = "breached", _("target missed")
    CHANGED = "changed", _("changed")
    DECISION = "decision", _("decision")
    MEETING = "meeting", _("meeting")
    MEASURE = "measure", _("measure beyond its line")


class Channel(models.TextChoices):
    PRODUCT = "product", _("in the inbox")
    MAIL = "mail", _("by mail")


# A record, or a subject of another kind; never both, never neither.
ABOUT_ONE_THING = Q(record__isnull=False, subject_kind="", subject_key=None) | (
    Q(record=None, subject_key__isnull=False) & ~Q(subject_kind="")
)


class Notice(models.Model):
    """
    One line of somebody's inbox. Unique on what caused it, so that a repeated delivery tells nobody twice.

    :ivar subject_kind: what it is about where that is no record: a kind of `subjects`, with its key; `subject_label` is
        what it was called at the time.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, null=True, related_name="notices")
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_key = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=200, blank=True)
    kind = models.CharField(_("what"), max_length=12, choices=NoticeKind.choices)
    cause = models.CharField(max_length=80, help_text=_("entry:ID or fact:ID"))
    why = models.CharField(max_length=200, help_text=_("why the person got it"))
    text = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    done_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("notice")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "cause"], name="notifications_notice_once"),
            models.CheckConstraint(condition=ABOUT_ONE_THING, name="notifications_notice_about_one_thing"),
        ]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], condition=models.Q(done_at=None), name="notifications_open")
        ]

    def __str__(self) -> str:
        return self.text


class Mute(models.Model):
    """A record or another subject that somebody wants to hear nothing of, unless it is given to them or names them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, null=True, related_name="+")
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_key = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("muted record")
        constraints = [
            models.UniqueConstraint(fields=["user", "record"], name="notifications_mute_once"),
            models.UniqueConstraint(
                fields=["user", "subject_kind", "subject_key"], condition=Q(record=None),
                name="notifications_mute_subject_once",
            ),
            models.CheckConstraint(condition=ABOUT_ONE_THING, name="notifications_mute_about_one_thing"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id} mutes {self.record_id or f'{self.subject_kind} {self.subject_key}'}"


class Silence(models.Model):
    """A kind of news that somebody does not want on a channel. Everything else is told."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("what"), max_length=12, choices=NoticeKind.choices)
    channel = models.CharField(_("where"), max_length=10, choices=Channel.choices)

    class Meta:
        verbose_name = _("silenced news")
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="notifications_silence_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: no {self.kind} {self.channel}"
