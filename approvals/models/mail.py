"""Mails about decisions: what is to be sent, what was, and the link that each carries."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .approvals import Seat


class DecisionLink(models.Model):
    """
    One person's mail about one decision, with its link.

    The link proves nothing but that the mail was read: the person still signs in. Its address carries a signature over
    this row's key, so that every try of sending has the same link. It dies when the seat votes, when the approval ends
    or lapses, and when it expires. `used_at` is set from the start where the mail only tells something.
    """

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="links")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    cause = models.CharField(max_length=40, help_text=_("entry:ID of the act that the mail tells of"))
    act = models.CharField(max_length=20, default="asked", help_text=_("what happened: asked, reminded, lapsed …"))
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    used_at = models.DateTimeField(_("used"), null=True)
    retry_at = models.DateTimeField(_("to be sent"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("mail about a decision")
        verbose_name_plural = _("mails about decisions")
        constraints = [models.UniqueConstraint(fields=["user", "seat", "cause"], name="approvals_link_once")]
        indexes = [
            models.Index(
                fields=["retry_at"], condition=models.Q(retry_at__isnull=False), name="approvals_link_to_be_sent"
            )
        ]

    def __str__(self) -> str:
        return f"link of {self.user_id} to seat {self.seat_id}"
