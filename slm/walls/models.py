"""Links to the wall, each with the view of one person narrowed to what was asked for when it was made."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from measurement.dashboards.models import Dashboard
from people.access import access_of
from people.models import Organization

LONGEST_NAME = 80
LONGEST_QUERY = 500


class WallLinkQuerySet(models.QuerySet["WallLink"]):
    def usable(self) -> Self:
        """Not revoked, and of somebody who has not left."""
        return self.filter(revoked_at=None, user__is_active=True)

    def visible_to(self, user: Any) -> Self:
        """One's own; for those whose right covers everything, everybody's."""
        access = access_of(user)
        if not access.allows("wall.link"):
            return self.none()
        if access.allows_on("wall.link", WallLink()):
            return self.all()
        return self.filter(user=user)


class WallLink(models.Model):
    """
    Whoever knows the address sees the numbers of the wall as the person who made it sees them, within one organization
    if it names one.

    A screen on a wall can't sign in, so the token stands in the address. Only its SHA-256 is kept; it has 256 random
    bits, so there is nothing to guess.

    :ivar dashboard: what it shows; None for the wall of service levels. :ivar query: its filters, as in its address.
    """

    name = models.CharField(_("where it hangs"), max_length=LONGEST_NAME)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wall_links", verbose_name=_("whose view")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("customer"),
    )  # fmt: skip
    dashboard = models.ForeignKey(
        Dashboard, on_delete=models.CASCADE, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("dashboard"),
    )  # fmt: skip
    query = models.CharField(max_length=LONGEST_QUERY, blank=True, editable=False)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    read_at = models.DateTimeField(_("seen"), null=True, editable=False)

    objects = WallLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("link to the wall")
        verbose_name_plural = _("links to the wall")

    def __str__(self) -> str:
        return self.name
