"""Items, their relations and their impact in the REST API."""

from typing import Any

from changes.differences.queries import latest_verification
from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Nothing, named
from common.api.paging import listing_of
from common.api.preconditions import etag, seen_version
from common.api.views import ApiView, ListDoor, one_of
from common.problems import STALE, Problem
from common.refusals import Stale
from common.time import now
from people.queries import organizations_visible_to
from records.api.idempotency import once
from services import operations
from services.impact import Direction, walk
from services.models import ConfigurationItem, Relation
from services.queries import items_open_to, items_visible_to, relations_of, services_of, supplier_of

from ..asking import lacking
from ..surroundings import around
from . import shapes

MOST_RELATIONS = 1_000


class ItemDoor(ApiView):
    """A door to one item."""

    def item(self, request: Any, number: int) -> ConfigurationItem:
        found: ConfigurationItem = one_of(items_open_to(request.user).with_names(), number)
        return found

    def shown(self, request: Any, key: int, *, status: int = 200, location: str = "") -> Any:
        row = ConfigurationItem.objects.with_names().get(pk=key)
        return self.answer(self.document(request, row), status=status, version=row.version, location=location)

    def document(self, request: Any, row: ConfigurationItem) -> dict[str, Any]:
        further = [each for each in services_of(row, request.user) if each.pk != row.service_id]
        verified = latest_verification(row)
        return shapes.one_item(row, further, supplier_of(row, request.user), verified.at if verified else None)

    def or_current(self, request: Any, key: int, act: Any) -> Any:
        """Do the act; when somebody else was faster, refuse with the item as it is now."""
        try:
            return act()
        except Stale as stale:
            fresh = ConfigurationItem.objects.with_names().get(pk=key)
            current = self.document(request, fresh)
            raise Problem(STALE, str(stale), headers={"ETag": etag(fresh.version)}, current=current) from stale


class Items(ItemDoor, ListDoor):
    """Configuration items."""

    operations = {"GET": "service.view", "POST": "item.edit"}

    @describe("List configuration items", gives=listing_of(shapes.ItemShape), parameters=[shapes.ItemQuery])
    def get(self, request: Any) -> Any:
        query = shapes.ItemQuery.of(request)
        rows = items_visible_to(request.user).select_related("service", "type")
        if "q" in query:
            rows = rows.filter(name__icontains=query["q"])
        if "service" in query:
            rows = rows.carrying(query["service"])
        if "type" in query:
            rows = rows.filter(type__slug=query["type"])
        if "status" in query:
            rows = rows.filter(status__in=query["status"])
        if "supplier" in query:
            rows = rows.filter(supplier__in=organizations_visible_to(request.user).filter(slug=query["supplier"]))
        if "key" in query:
            rows = rows.filter(external_key=query["key"])
        if "lacks" in query:
            rows = rows if "status" in query else rows.in_use()
            rows = lacking(rows.filter(pk__in=items_open_to(request.user).values("pk")), query["lacks"], at=now())
        return self.listed(request, rows, query, shapes.item)

    @describe(
        "Enter a configuration item",
        takes=shapes.NewItem,
        gives=shapes.OneItemShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            (
                "A gateway",
                {"name": "vpn-gw-3", "type": "network-device", "service": "vpn", "attributes": {"model": "ASR 1001"}},
            )
        ],
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = shapes.NewItem.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.create_item(by=request.user, at=at, values=values)
            return self.shown(request, made.pk, status=201, location=f"{request.path}{made.pk}/")

        return once(request, at=at, act=act)


class OneItem(ItemDoor):
    """One configuration item."""

    operations = {"GET": "item.view", "PATCH": "item.edit"}

    @describe("Get a configuration item", gives=shapes.OneItemShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = self.item(request, number)
        return self.answer(self.document(request, found), version=found.version)

    @describe(
        "Change what is said about an item",
        takes=shapes.ItemChange,
        gives=shapes.OneItemShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description="Only the fields sent are written. If-Match is required.",
    )
    def patch(self, request: Any, number: int) -> Any:
        found = self.item(request, number)
        version = seen_version(request, is_required=True)
        values = shapes.ItemChange.read(request.data, by=request.user)
        act = operations.edit_item
        self.or_current(
            request, found.pk, lambda: act(item=found, by=request.user, at=now(), values=values, version=version)
        )
        return self.shown(request, found.pk)


class ItemRetirement(ItemDoor):
    """Taking an item out of use."""

    operations = {"POST": "item.edit"}

    @describe("Retire an item", takes=shapes.Retirement, gives=shapes.OneItemShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.item(request, number)
        said = shapes.Retirement.read(request.data, by=request.user)
        operations.retire(item=found, by=request.user, at=now(), **said)
        return self.shown(request, found.pk)


class ItemUse(ItemDoor):
    """Putting an item to use."""

    operations = {"POST": "item.edit"}

    @describe("Put an item to use", takes=Nothing, gives=shapes.OneItemShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.item(request, number)
        Nothing.read(request.data, by=request.user)
        operations.put_live(item=found, by=request.user, at=now())
        return self.shown(request, found.pk)


class ItemRelations(ItemDoor):
    """How an item hangs together with others."""

    operations = {"GET": "item.view", "POST": "item.edit"}

    @describe("List the relations of an item, in both directions", gives=shapes.RelationList, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        rows = relations_of(self.item(request, number), request.user, limit=MOST_RELATIONS + 1)
        return self.answer(
            {
                "items": [shapes.relation(each) for each in rows[:MOST_RELATIONS]],
                "is_cut": len(rows) > MOST_RELATIONS,
            }
        )

    @describe(
        "Relate the item to another one",
        takes=shapes.NewRelation,
        gives=shapes.RelationShape,
        status=201,
        problems=[404, 409],
        examples=[("It runs on a host", {"type": "runs_on", "to": "esx-3"})],
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.item(request, number)
        said = shapes.NewRelation.read(request.data, by=request.user)
        made = operations.relate(source=found, type=said["type"], target=said["to"], by=request.user, at=now())
        return self.answer(shapes.relation(made), status=201, location=f"/api/v1/item-relations/{made.pk}/")


class OneRelation(ApiView):
    """One relation."""

    operations = {"DELETE": "item.edit"}

    @describe("Remove a relation", status=204, problems=[404, 409])
    def delete(self, request: Any, number: int) -> Any:
        visible = items_open_to(request.user).values("pk")
        found = one_of(Relation.objects.filter(source__in=visible, target__in=visible), number)
        operations.unrelate(relation=found, by=request.user, at=now())
        return self.answer(status=204)


class ItemImpact(ItemDoor):
    """Whom a failure of the item hits, or what it needs."""

    operations = {"GET": "item.view"}

    @describe(
        "Walk over what an item hits or needs",
        gives=shapes.ImpactShape,
        problems=[404],
        parameters=[shapes.ImpactQuery],
    )
    def get(self, request: Any, number: int) -> Any:
        query = shapes.ImpactQuery.of(request)
        found = self.item(request, number)
        direction = Direction(query["direction"])
        hit = around(walk([found.pk], direction, depth=query["depth"]), request.user)
        steps = hit.walk.depths
        return self.answer(
            {
                "direction": direction.value,
                "depth": hit.walk.depth,
                "is_cut": hit.walk.is_cut,
                "hidden": hit.hidden,
                "items": [
                    {"id": row.pk, "name": row.name, "kind": row.type.name if row.type else "", "steps": steps[row.pk]}
                    for row in (hit.items[key] for key in hit.walk.items if key in hit.items)
                    if row.pk != found.pk
                ],
                "services": [
                    {"id": row.pk, "name": row.name, "criticality": row.criticality, "steps": steps[-row.pk]}
                    for row in (hit.services[key] for key in hit.walk.services if key in hit.services)
                ],
                "organizations": [
                    {"id": each.pk, "name": each.name, "people": people} for each, people in hit.reach.organizations
                ],
                "people": hit.reach.people,
                "agreements": [named(each.pk, each.name) for each in hit.agreements],
                "open_tickets": hit.tickets.count,
                "open_changes": hit.changes.count,
            }
        )
