"""Services, window, contents and early life of a release, and go or no-go, in the API."""

from typing import Any

from common.api.describing import IF_MATCH, describe
from common.api.fields import Nothing
from common.api.preconditions import seen_version
from common.time import now
from records.enums import LinkKind
from records.models import Link, Record

from .. import operations
from ..queries import early_life
from ..queries.contents import contents_of
from . import bodies
from .representation import ContentList, EarlyLifeShape, ReleaseDetail, content, exit_criterion
from .views import ReleaseDoor


class PlanningDoor(ReleaseDoor):
    """A door that compares versions and answers with the release as it is then."""

    def planned(self, reference: str, act: Any, values: dict[str, Any]) -> Any:
        found, version = self.inner(reference), seen_version(self.request, is_required=False)
        self.or_current(found, lambda: act(release=found, **self.about(), version=version, **values))
        return self.shown(reference)


class ReleaseScope(PlanningDoor):
    """For which services it is."""

    operations = {"PUT": "release.edit"}

    @describe(
        "Say for which services a release is", takes=bodies.ReleaseServices, gives=ReleaseDetail,
        problems=[404, 409, 412], parameters=[IF_MATCH],
    )  # fmt: skip
    def put(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        values = bodies.ReleaseServices.read(request.data, by=request.user)
        return self.planned(reference, operations.set_scope, values)


class ReleaseWindowDoor(PlanningDoor):
    """The planned window."""

    operations = {"PUT": "release.edit"}

    @describe(
        "Plan the window of a release", takes=bodies.ReleaseWindow, gives=ReleaseDetail, problems=[404, 409, 412],
        parameters=[IF_MATCH],
        examples=[("An evening", {"planned_from": "2026-03-05T20:00:00Z", "planned_to": "2026-03-05T22:00:00Z"})],
    )  # fmt: skip
    def put(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        values = bodies.ReleaseWindow.read(request.data, by=request.user)
        return self.planned(reference, operations.plan_window, values)


class ContentsDoor(ReleaseDoor):
    """A door to what goes live with a release."""

    def listed(self, reference: str, *, status: int = 200) -> Any:
        inside = contents_of(self.inner(reference))
        keys = [each.record.pk for each in inside]
        seen = set(Record.objects.visible_to(self.request.user).filter(pk__in=keys).values_list("pk", flat=True))
        items = [content(each) for each in inside if each.record.pk in seen]
        return self.answer({"items": items, "hidden": len(inside) - len(items)}, status=status)


class Contents(ContentsDoor):
    """What goes live with it."""

    operations = {"GET": "record.read_notes", "POST": "release.edit"}

    @describe("List what goes live with a release", gives=ContentList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.listed(reference)

    @describe(
        "Put a change into a release", takes=bodies.ContentBody, gives=ContentList, status=201, problems=[404, 409]
    )
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.ContentBody.read(request.data, by=request.user)
        operations.add_change(release=found, **self.about(), **values)
        return self.listed(reference, status=201)


class OneContent(ContentsDoor):
    """One link to something that goes live with it."""

    operations = {"DELETE": "release.edit"}

    @describe("Take something out of a release", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str, number: int) -> Any:
        found = self.inner(reference)
        rows = Link.objects.filter(to_record=found.pk, kind=LinkKind.RELEASED_IN)
        link = self.row(rows.select_related("from_record", "to_record"), number)
        operations.take_out(release=found, link=link, **self.about())
        return self.answer(status=204)


class Asking(ReleaseDoor):
    """Go or no-go."""

    operations = {"POST": "release.make_ready"}

    @describe("Ask for go or no-go again", takes=Nothing, gives=ReleaseDetail, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        Nothing.read(request.data, by=request.user)
        operations.ask_go(release=found, **self.about())
        return self.shown(reference)


class EarlyLife(ReleaseDoor):
    """Its early life."""

    operations = {"GET": "record.read_notes"}

    @describe("Get how the early life of a release stands", gives=EarlyLifeShape, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        found, user = self.inner(reference), request.user
        caused = early_life.caused(found)
        return self.answer(
            {
                "ends_at": found.early_life_ends_at,
                "criteria": [exit_criterion(each) for each in early_life.exit_criteria(found, at=now())],
                "caused": [each.reference for each in early_life.visible(caused, user)],
                "caused_count": caused.count(),
                "candidates": [each.reference for each in early_life.candidates(found, user)],
            }
        )
