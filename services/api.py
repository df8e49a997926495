"""Services in the REST API, for reading."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Named, named
from common.api.filters import PageQuery, Several
from common.api.paging import listing_of
from common.api.views import ApiView, ListDoor, one_of
from common.time import now

from .models import Criticality, Stage
from .queries import services_visible_to, supplier_of
from .specifications import operations
from .specifications.queries import in_force, is_inside, statements_for
from .specifications.shapes import SpecificationShape, specification


class ServiceShape(Answer):
    """Something customers get to use, with the support that keeps it usable."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    parent = Named(allow_null=True)
    owner = Named(allow_null=True)
    support_team = Named(allow_null=True)
    criticality = serializers.ChoiceField(choices=Criticality.choices)
    stage = serializers.ChoiceField(choices=Stage.values)


class OneServiceShape(ServiceShape):
    """A service with what is in force of its specification, as you may read it, and who supplies it."""

    supplier = Named(allow_null=True, help_text="Null also where you may not see the organization.")
    specification = SpecificationShape(allow_null=True)


class ServiceQuery(PageQuery):
    """Filters add up."""

    q = serializers.CharField(required=False, max_length=200, help_text="Part of the name.")
    stage = Several(among=Stage.values, help_text="pipeline, live, retired.")


def service(row: Any) -> dict[str, Any]:
    """The dictionary of a `ServiceShape`. :param row: read with parent, owner and team."""
    return {
        "id": row.pk,
        "slug": row.slug,
        "name": row.name,
        "description": row.description,
        "parent": named(row.parent_id, row.parent.name if row.parent else None),
        "owner": named(row.owner_id, row.owner.name if row.owner else None),
        "support_team": named(row.support_team_id, row.support_team.name if row.support_team else None),
        "criticality": row.criticality,
        "stage": row.stage,
    }


class Services(ListDoor):
    """Services."""

    operations = {"GET": "service.view"}

    @describe("List services", gives=listing_of(ServiceShape), parameters=[ServiceQuery])
    def get(self, request: Any) -> Any:
        query = ServiceQuery.of(request)
        rows = services_visible_to(request.user).select_related("parent", "owner", "support_team")
        if "q" in query:
            rows = rows.filter(name__icontains=query["q"])
        if "stage" in query:
            rows = rows.filter(stage__in=query["stage"])
        return self.listed(request, rows, query, service)


class OneService(ApiView):
    """One service."""

    operations = {"GET": "service.view"}

    @describe("Get a service with its specification in force", gives=OneServiceShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        rows = services_visible_to(request.user).select_related("parent", "owner", "support_team")
        found = one_of(rows, number)
        on = operations.local_day(now())
        standing = in_force([found], on=on, statements=statements_for(request.user)).get(found.pk)
        shown = specification(standing, is_inside=is_inside(request.user)) if standing else None
        supplier = supplier_of(found, request.user)
        return self.answer(
            service(found)
            | {"specification": shown, "supplier": named(supplier.pk, supplier.name) if supplier else None}
        )
