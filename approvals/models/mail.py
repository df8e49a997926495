"""Links to decisions that went out by mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .approvals import Seat


class DecisionLink(models.Model):
    """
    One person's link to one decision. It proves nothing but that the mail was read: the person still signs in.

    The address carries a signature over this row's key, so that every try of sending the mail has the same link. It
    dies when the person votes, when the approval lapses, and when it expires. The mail itself is noted as sent here.
    """

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="links")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    cause = models.CharField(max_length=40, help_text=_("entry:ID of the act that the mail tells of"))
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("link to a decision")
        constraints = [models.UniqueConstraint(fields=["user", "seat", "cause"], name="approvals_link_once")]

    def __str__(self) -> str:
        return f"link of {self.user_id} to seat {self.seat_id}"
