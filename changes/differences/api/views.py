"""The doors of differences and verifications."""

from typing import Any

from common.api.describing import IDEMPOTENCY_KEY, describe
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.time import now
from records.api.idempotency import once
from services.queries import items_open_to

from .. import operations
from ..models import Difference
from ..queries import narrowed
from . import shapes

NEWEST = {"-id": Sort(is_descending=True)}


class DifferenceDoor(ApiView):
    """A door to differences."""

    def rows(self) -> Any:
        return Difference.objects.visible_to(self.request.user).with_names()

    def chosen(self, keys: list[int]) -> list[Difference]:
        return list(self.rows().filter(pk__in=keys))

    def one(self, number: int) -> Any:
        return self.answer(shapes.shown([one_of(self.rows(), number)], self.request.user)[0])


class Differences(DifferenceDoor):
    """Differences."""

    operations = {"GET": "item.view"}

    @describe(
        "List differences of items",
        gives=listing_of(shapes.FoundDifferenceShape),
        parameters=[shapes.DifferenceQuery],
        description="In what items were other than written down, as imports and people found it.",
    )
    def get(self, request: Any) -> Any:
        query = shapes.DifferenceQuery.of(request)
        rows = narrowed(self.rows(), state=query["state"], text=query.get("q", ""), service=query.get("service"))
        if "item" in query:
            rows = rows.filter(verification__item=query["item"])
        found, following = page(
            rows, request=request, sorts=NEWEST, sort="-id", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing(shapes.shown(found, request.user), following))


class OneDifference(DifferenceDoor):
    """One difference."""

    operations = {"GET": "item.view"}

    @describe("Get a difference", gives=shapes.FoundDifferenceShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.one(number)


class Explanations(DifferenceDoor):
    """Where differences come from."""

    operations = {"POST": "difference.explain"}

    @describe(
        "Explain differences",
        takes=shapes.DifferencesExplanation,
        gives=shapes.ExplainedShape,
        problems=[409],
        examples=[
            ("A change did it", {"differences": [12, 13], "change": "CHG-1042"}),
            ("The record was wrong", {"differences": [14], "reason": "It always had 64 GB; the record said 32."}),
        ],
        description="Those that the caller does not see, or that are explained already, are left as they are.",
    )
    def post(self, request: Any) -> Any:
        said = shapes.DifferencesExplanation.read(request.data, by=request.user)
        chosen = self.chosen(said.pop("differences"))
        return self.answer({"explained": operations.explain(differences=chosen, by=request.user, at=now(), **said)})


class FollowUps(DifferenceDoor):
    """Changes that set differences right."""

    operations = {"POST": "difference.explain"}

    @describe(
        "Write down one change that sets differences right",
        takes=shapes.Choosing,
        gives=shapes.FollowUpShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        description="It explains none of them, since it comes after: they go on counting as unauthorized.",
    )
    def post(self, request: Any) -> Any:
        at, said = now(), shapes.Choosing.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.open_change(differences=self.chosen(said["differences"]), by=request.user, at=at)
            location = f"/api/v1/changes/{made.reference}/"
            return self.answer({"change": made.reference}, status=201, location=location)

        return once(request, at=at, act=act)


class Reopening(DifferenceDoor):
    """Taking an explanation back."""

    operations = {"POST": "difference.explain"}

    @describe(
        "Take an explanation back", takes=shapes.ReopeningBody, gives=shapes.FoundDifferenceShape, problems=[404, 409]
    )
    def post(self, request: Any, number: int) -> Any:
        found = one_of(self.rows(), number)
        said = shapes.ReopeningBody.read(request.data, by=request.user)
        operations.reopen(difference=found, by=request.user, at=now(), **said)
        return self.one(number)


class Verifications(ApiView):
    """That somebody looked at an item."""

    operations = {"POST": "item.edit"}

    @describe(
        "Verify an item",
        takes=shapes.NewVerification,
        gives=shapes.VerificationShape,
        status=201,
        problems=[404, 409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            ("As written down", {}),
            ("Something differs", {"difference": "It has a second power supply that nobody ordered."}),
        ],
    )
    def post(self, request: Any, number: int) -> Any:
        at, found = now(), one_of(items_open_to(request.user), number)
        said = shapes.NewVerification.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.verify(item=found, by=request.user, at=at, **said)
            return self.answer(shapes.verification(made, request.user), status=201)

        return once(request, at=at, act=act)


class ManyVerifications(ApiView):
    """That somebody looked at several items."""

    operations = {"POST": "item.edit"}

    @describe(
        "Verify items as written down",
        takes=shapes.VerifiedItems,
        gives=shapes.VerifiedShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[("A walk through the machine room", {"items": [31, 32], "note": "Rack 4."})],
        description="What differs is said of each item by itself: `items/<id>/verifications/`.",
    )
    def post(self, request: Any) -> Any:
        at, said = now(), shapes.VerifiedItems.read(request.data, by=request.user)
        rows = items_open_to(request.user).filter(pk__in=said["items"])

        def act() -> Any:
            count = operations.verify_all(items=rows, by=request.user, at=at, note=said.get("note", ""))
            return self.answer({"verified": count}, status=201)

        return once(request, at=at, act=act)
