"""Addresses under which calendar programs read planned work in somebody's name."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Team
from services.models import Service


class FeedQuerySet(models.QuerySet["FeedToken"]):
    def usable(self) -> Self:
        """Not revoked, and of somebody who has not left."""
        return self.filter(revoked_at=None, user__is_active=True)

    def with_subjects(self) -> Self:
        return self.select_related("person", "team", "service")


class FeedToken(models.Model):
    """
    Whoever knows the token reads, as the person who made it: the planned work of one person, one team or one service.

    Calendar programs can't sign in, so the token stands in the address. Only its SHA-256 is kept; it has 256 random
    bits, so there is nothing to guess.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="change_feeds", verbose_name=_("whose it is")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("person")
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("team"))
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("service")
    )
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team=None, service=None)
                | Q(person=None, team__isnull=False, service=None)
                | Q(person=None, team=None, service__isnull=False),
                name="changes_feed_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return str(self.subject)

    @property
    def subject(self) -> Any:
        """The person, team or service that it is about."""
        return self.person or self.team or self.service

    def was_read_since(self, moment: datetime) -> bool:
        return self.read_at is not None and self.read_at >= moment
