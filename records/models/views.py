"""Saved views of the queue: a query, columns, a sort and a grouping under a name."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.access import access_of


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Any) -> Self:
        """Shared views, those of the person's teams, and their own."""
        teams = access_of(user).team_ids
        return self.filter(Q(owner=None, team=None) | Q(team__in=teams) | Q(owner_id=user.pk))


class SavedView(models.Model):
    """Owned by a person, or by a team, or (neither) shared by all."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=80)
    query = models.CharField(_("query"), max_length=1000, blank=True)
    columns = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    sort = models.CharField(max_length=40, blank=True)
    grouping = models.CharField(max_length=30, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="saved_views")
    team = models.ForeignKey("people.Team", on_delete=models.CASCADE, null=True, related_name="saved_views")
    position = models.PositiveSmallIntegerField(default=100)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name", "id"]
        verbose_name = _("view")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "owner", "team"], name="records_view_slug_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class ViewStar(models.Model):
    """A view that a person keeps in the side bar."""

    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="stars")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["view", "user"], name="records_view_star_once")]

    def __str__(self) -> str:
        return f"{self.user_id} stars {self.view_id}"
