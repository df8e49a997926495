"""Links to the wall in the REST API: made, with an address that is told once, listed, revoked."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Choice, Named, Row, Strict, Text, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.time import now
from measurement import filters
from measurement.api import MeasureFilters
from measurement.dashboards.models import Dashboard
from measurement.filters import RANGES

from . import operations
from .models import LONGEST_NAME, WallLink

NEWEST = {"-id": Sort("pk", is_descending=True)}


class WallLinkShape(Answer):
    """A link that shows the wall on a screen where nobody signs in."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Where it hangs.")
    person = Named(help_text="Whose view it shows.")
    organization = Named(allow_null=True, help_text="Null: all that the person sees.")
    dashboard = Named(allow_null=True, help_text="Null: the wall of service levels.")
    query = serializers.CharField(allow_blank=True, help_text="Filters, as in the address of the dashboard.")
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True, help_text="When a screen asked, to some minutes.")


class WallLinkMade(WallLinkShape):
    """A new link with its address, which is told this once."""

    address = serializers.CharField()


class WallLinkBody(Strict):
    """Where it hangs, and which numbers it shows."""

    name = Text(max_length=LONGEST_NAME)
    range = Choice(choices=[(name, name) for name in RANGES], required=False)
    filters = MeasureFilters(required=False)
    dashboard = Row(
        among=Dashboard.objects.visible_to, required=False, allow_null=True,
        help_text="Id, or short name of one that comes with Steward; the wall of service levels when left out.",
    )  # fmt: skip


def wall_link(row: WallLink) -> dict[str, Any]:
    """The dictionary of a `WallLinkShape`."""
    return {
        "id": row.pk,
        "name": row.name,
        "person": named(row.user_id, row.user.name),
        "organization": named(row.organization_id, row.organization.name if row.organization else None),
        "dashboard": named(row.dashboard_id, row.dashboard.label if row.dashboard else None),
        "query": row.query,
        "created_at": row.created_at,
        "seen_at": row.read_at,
    }


class WallLinks(ApiView):
    """Links in use: one's own; everybody's for those whose right covers everything."""

    operations = {"GET": "wall.link", "POST": "wall.link"}

    @describe("List links to the wall", gives=listing_of(WallLinkShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        rows = WallLink.objects.visible_to(request.user).usable().select_related("user", "organization", "dashboard")
        found, following = page(
            rows, request=request, sorts=NEWEST, sort="-id", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([wall_link(row) for row in found], following))

    @describe(
        "Make a link to the wall", takes=WallLinkBody, gives=WallLinkMade, status=201, problems=[409],
        examples=[("The networks desk", {"name": "Networks desk", "filters": {"team": "networks"}})],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        said, at = WallLinkBody.read(request.data, by=request.user), now()
        wanted = {"range": said.get("range", ""), **said.get("filters", {})}
        asked = filters.read(wanted, request.user, at=at, operation=operations.SEEN)
        link, token = operations.make_link(
            by=request.user, at=at, name=said["name"], asked=asked, dashboard=said.get("dashboard")
        )
        address = request.build_absolute_uri(reverse("walls:screen", args=[token]))
        return self.answer(wall_link(link) | {"address": address}, status=201)


class OneWallLink(ApiView):
    """One link."""

    operations = {"DELETE": "wall.link"}

    @describe("Revoke a link: its screen goes dark", status=204, problems=[404, 409])
    def delete(self, request: Any, number: int) -> Any:
        link = one_of(WallLink.objects.visible_to(request.user), number)
        operations.revoke_link(link=link, by=request.user, at=now())
        return self.answer(status=204)
