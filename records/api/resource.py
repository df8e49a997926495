"""The doors of one kind of record: list, make, read, change, judge; made from what the practice says about it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import URLPattern, path

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Choice, Strict, Text
from common.api.filters import Query, Several
from common.api.paging import listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.refs import parse_reference
from common.time import now
from people.access import access_of

from .. import operations, practices
from ..enums import Level, Priority
from ..models import Record
from .detail import RELATED, RecordDetail, shown_columns
from .filters import SORTS, narrowed, query_of
from .idempotency import once
from .moves import move_views
from .records import RecordDoor
from .references import category, item, person, service
from .representation import ROW_COLUMNS, RecordSummary, href, summary
from .urls import nested

LONGEST_TEXT = 100_000
LEVELS = [(each.value, str(each.label)) for each in Level]
LARGEST_COUNT = 2**31 - 1


@dataclass(frozen=True)
class Resource:
    """
    :param one: how one is called, with its article: "an incident".
    :param shape: of one record. :param represent: (record, by, at, comments) -> dictionary of the shape.
    :param new: body of a new one; its fields are the parameters of the practice's `create`, where the requester is the
        caller when nobody is named. :param making: what making one is called. :param change: body of a change; its
        fields are those of the practice's `edit`, beside `reason`.
    :param related: what the record points at, read with it.
    """

    kind: str
    one: str
    shape: type[RecordDetail]
    represent: Callable[..., dict[str, Any]]
    new: type[Strict]
    making: str
    change: type[Strict]
    related: tuple[str, ...] = RELATED
    new_examples: tuple[tuple[str, Any], ...] = ()
    new_description: str = "Send an Idempotency-Key to be able to try again."
    change_examples: tuple[tuple[str, Any], ...] = ()

    @property
    def practice(self) -> practices.Practice:
        return practices.of(self.kind)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return shown_columns(self.practice.model, self.related)

    def addresses(self, *own: URLPattern) -> list[URLPattern]:
        """Everything below the slug of the practice. :param own: what it adds below one record, before the moves."""
        moves = move_views(self.kind, self.represent, self.shape)
        return [
            path("", _collection(self).as_view()),
            path("<str:reference>/", _one(self).as_view()),
            path("<str:reference>/priority/", _priority(self).as_view()),
            path("<str:reference>/levels/", _levels(self).as_view()),
            *own,
            *[path(f"<str:reference>/{noun}/", view) for noun, view in moves.items()],
            *nested(self.kind),
        ]


def level(**options: Any) -> Choice:
    """Impact or urgency in a body."""
    said: dict[str, Any] = {"required": False, "help_text": "1 high, 2 medium, 3 low. The priority follows."}
    return Choice(choices=LEVELS, **said | options)


class RecordChange(Strict):
    """Fields of every kind of record that no move owns. Only those sent are written."""

    title = Text(max_length=200, required=False)
    description = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, trim_whitespace=False)
    requester = person(required=False, help_text="Id or user name. The organization follows the requester.")
    service = service(required=False, allow_null=True, help_text="Id or short name.")
    item = item(required=False, allow_null=True, help_text="Id or name of the configuration item.")
    category = category(required=False, allow_null=True, help_text="Id or name.")
    location = Text(max_length=120, required=False, allow_blank=True)
    impact = level()
    urgency = level()
    reason = Text(max_length=5000, required=False, allow_blank=True, help_text="Why; it stands in the history.")


class PriorityBody(Strict):
    """A priority that the matrix does not give, and why."""

    priority = Choice(choices=[(each.value, str(each.label)) for each in Priority])
    reason = Text(max_length=300)


class LevelsBody(Strict):
    """Impact and urgency; the priority follows from the matrix again."""

    impact = level(required=True, help_text="1 high, 2 medium, 3 low.")
    urgency = level(required=True, help_text="1 high, 2 medium, 3 low.")


class Inclusion(Query):
    """What to add to the record."""

    include = Several(among=["comments"], help_text="comments: the latest 50 replies and notes.")


class ResourceDoor(RecordDoor):
    """A door to one record of a resource's kind."""

    resource: Any = None

    def found(self, reference: str) -> Any:
        """:raises Http404: unknown, of another kind, or not for the eyes of the caller."""
        number, resource = parse_reference(reference), self.resource
        rows = resource.practice.model.objects.visible_to(self.request.user)
        rows = rows.select_related(*resource.related).only(*resource.columns)
        record = None if number is None else rows.filter(pk=number).first()
        if record is None:
            raise Http404
        return record

    def current(self, record: Any) -> dict[str, Any]:
        return dict(self.resource.represent(record, by=self.request.user, at=now()))

    def shown(self, record: Any) -> Any:
        return self.answer(self.resource.represent(record, by=self.request.user, at=now()), version=record.version)

    def judged(self, reference: str, body: type[Strict], act: Callable[..., Any]) -> Any:
        """Answer a POST whose body are the parameters of the act."""
        found, version = self.found(reference), seen_version(self.request, is_required=False)
        values = body.read(self.request.data, by=self.request.user)
        return self.shown(
            self.or_current(found, lambda: act(record=found, by=self.request.user, at=now(), version=version, **values))
        )


def _named(resource: Resource, made: type[Any], name: str) -> Any:
    """The class under a name of its own, from which the schema makes the operation's id."""
    made.__name__ = made.__qualname__ = name % "".join(part.title() for part in resource.kind.split("_"))
    return made


def _collection(resource: Resource) -> Any:
    kind, practice = resource.kind, resource.practice
    accepted = query_of(kind)

    class Collection(ApiView):
        operations = {"GET": "record.view", "POST": f"{kind}.create"}

        @describe(f"List {practice.label_plural}", gives=listing_of(RecordSummary), parameters=[accepted])
        def get(self, request: Any) -> Any:
            query = accepted.of(request)
            rows = narrowed(Record.objects.visible_to(request.user).filter(kind=kind), query, request.user)
            found, following = page(
                rows.values("pk", *ROW_COLUMNS),
                request=request,
                sorts=SORTS,
                sort=query["sort"],
                cursor=query["cursor"],
                limit=query["limit"],
            )
            access = access_of(request.user)
            return self.answer(listing([summary(row, access) for row in found], following))

        @describe(
            resource.making,
            takes=resource.new,
            gives=resource.shape,
            status=201,
            problems=[409],
            parameters=[IDEMPOTENCY_KEY],
            examples=resource.new_examples,
            description=resource.new_description,
        )
        def post(self, request: Any) -> Any:
            at = now()
            values = resource.new.read(request.data, by=request.user)
            values.setdefault("requester", request.user)

            def act() -> Any:
                made = practice.operations.create(by=request.user, at=at, **values)
                made.organization = values["requester"].organization  # read with the requester
                body = resource.represent(made, by=request.user, at=at)
                return self.answer(body, status=201, version=made.version, location=href(kind, made.pk))

            return once(request, at=at, act=act)

    Collection.__doc__ = f"The {practice.label_plural} that the caller may see."
    return _named(resource, Collection, "%ss")


def _one(resource: Resource) -> Any:
    door_resource = resource

    class One(ResourceDoor):
        kind = door_resource.kind
        resource = door_resource
        operations = {"GET": "record.view", "PATCH": f"{door_resource.kind}.edit"}

        @describe(f"Get {resource.one}", gives=resource.shape, problems=[404], parameters=[Inclusion])
        def get(self, request: Any, reference: str) -> Any:
            wanted = Inclusion.of(request).get("include", ())
            found = self.found(reference)
            body = door_resource.represent(found, by=request.user, at=now(), comments="comments" in wanted)
            return self.answer(body, version=found.version)

        @describe(
            f"Change fields of {resource.one}",
            takes=resource.change,
            gives=resource.shape,
            problems=[404, 409, 412, 428],
            parameters=[IF_MATCH],
            examples=resource.change_examples,
            description="Writes the fields that are sent and no others. If-Match is required.",
        )
        def patch(self, request: Any, reference: str) -> Any:
            at, found = now(), self.found(reference)
            version = seen_version(request, is_required=True)
            values = door_resource.change.read(request.data, by=request.user)
            said: dict[str, Any] = {door_resource.kind: found, "reason": values.pop("reason", "")}
            act = door_resource.practice.operations.edit
            changed = self.or_current(
                found, lambda: act(**said, by=request.user, at=at, values=values, version=version)
            )
            return self.shown(changed)

    One.__doc__ = f"{resource.one.capitalize()}."
    return _named(resource, One, "One%s")


def _priority(resource: Resource) -> Any:
    door_resource = resource

    class PriorityDoor(ResourceDoor):
        """The priority, where the matrix is not right."""

        kind = door_resource.kind
        resource = door_resource
        operations = {"POST": f"{door_resource.kind}.edit"}

        @describe(
            "Override the priority",
            takes=PriorityBody,
            gives=resource.shape,
            problems=[404, 409, 412],
            parameters=[IF_MATCH],
            examples=[("The board meets", {"priority": 1, "reason": "The board meets in this room at ten."})],
        )
        def post(self, request: Any, reference: str) -> Any:
            return self.judged(reference, PriorityBody, operations.override_priority)

    return _named(resource, PriorityDoor, "%sPriority")


def _levels(resource: Resource) -> Any:
    door_resource = resource

    class LevelsDoor(ResourceDoor):
        """Impact and urgency, judged anew."""

        kind = door_resource.kind
        resource = door_resource
        operations = {"POST": f"{door_resource.kind}.edit"}

        @describe(
            "Judge impact and urgency; an override ends",
            takes=LevelsBody,
            gives=resource.shape,
            problems=[404, 409, 412],
            parameters=[IF_MATCH],
        )
        def post(self, request: Any, reference: str) -> Any:
            return self.judged(reference, LevelsBody, operations.set_levels)

    return _named(resource, LevelsDoor, "%sLevels")
