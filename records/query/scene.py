"""Who asks, when, and which rows they may name in a query: values are looked up among what the person may see."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from people.access import Access, access_of
from people.models import Organization, Team, User
from services.models import ConfigurationItem, Service

from ..models import Category, Record
from .moments import Clock

NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Scene:
    """
    The circumstances of a query.

    Every queryset here is limited to what stands on records that the viewer may see, so that neither a suggestion nor
    an error tells whether something hidden exists.
    """

    viewer: Any
    clock: Clock

    @cached_property
    def access(self) -> Access:
        return access_of(self.viewer)

    @cached_property
    def sees_all(self) -> bool:
        """Whether the viewer reads the records of every organization, so that nothing needs hiding."""
        return not self.access.rows("record.view", own=NOTHING)

    def on_visible(self, column: str) -> Exists:
        """That the row stands in this column of a record which the viewer may see."""
        return Exists(Record.objects.visible_to(self.viewer).filter(**{column: OuterRef("pk")}))

    @property
    def people(self) -> QuerySet[User]:
        """People whom the viewer may name: those of their scope, and those on records they see."""
        everybody = User.objects.order_by("name", "pk")
        if self.sees_all:
            return everybody
        own = Q(pk=self.viewer.pk)
        return everybody.filter(
            own
            | self.access.rows("people.view", own=own)
            | Q(self.on_visible("assignee"))
            | Q(self.on_visible("requester"))
        )

    @property
    def teams(self) -> QuerySet[Team]:
        teams = Team.objects.order_by("name")
        if self.sees_all:
            return teams
        return teams.filter(Q(pk__in=self.access.team_ids) | Q(self.on_visible("team")))

    @property
    def organizations(self) -> QuerySet[Organization]:
        organizations = Organization.objects.order_by("name")
        if self.sees_all:
            return organizations
        return organizations.filter(self.access.rows("record.view", own=NOTHING, organization="pk"))

    @property
    def services(self) -> QuerySet[Service]:
        services = Service.objects.order_by("name")
        return services if self.sees_all else services.filter(self.on_visible("service"))

    @property
    def items(self) -> QuerySet[ConfigurationItem]:
        items = ConfigurationItem.objects.order_by("name")
        return items if self.sees_all else items.filter(self.on_visible("item"))

    @property
    def categories(self) -> QuerySet[Category]:
        categories = Category.objects.order_by("name")
        if self.sees_all:
            return categories
        return categories.filter(Q(self.on_visible("category")) | Q(self.on_visible("category__parent")))

    @property
    def records(self) -> Any:
        return Record.objects.visible_to(self.viewer)
