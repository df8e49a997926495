"""Doors to boards."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Answer, Flag, Strict, Text
from common.api.filters import NameQuery
from common.api.paging import listing_of
from common.api.preconditions import seen_version
from common.api.rows import RowDoor
from common.api.views import ListDoor
from common.time import now
from records.api.idempotency import once
from records.api.references import person

from .. import operations
from ..models import Board
from ..operations.boards import Member


class BoardMemberShape(Answer):
    person = serializers.IntegerField()
    name = serializers.CharField()
    is_chair = serializers.BooleanField()
    is_mandatory = serializers.BooleanField()


class BoardShape(Answer):
    """People who decide together."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()
    members = BoardMemberShape(many=True)


class MemberBody(Strict):
    person = person(help_text="Id or user name.")
    is_chair = Flag(required=False)
    is_mandatory = Flag(required=False)


class BoardBody(Strict):
    """A board with all its members."""

    name = Text(max_length=200)
    members = MemberBody(many=True, max_length=60)  # type: ignore[call-arg] # of the list, not of its rows
    is_active = Flag(required=False)


def board(row: Board) -> dict[str, Any]:
    """The dictionary of a `BoardShape`. :param row: read with its members."""
    return {
        "id": row.pk,
        "slug": row.slug,
        "name": row.name,
        "is_active": row.is_active,
        "version": row.version,
        "members": [
            {
                "person": each.user_id,
                "name": each.user.name,
                "is_chair": each.is_chair,
                "is_mandatory": each.is_mandatory,
            }
            for each in row.members.all()
        ],
    }


class BoardDoor(RowDoor):
    """A door to boards."""

    part = "board"
    address = "boards"

    def rows(self) -> Any:
        return Board.objects.prefetch_related("members__user")

    def shape(self, row: Board) -> dict[str, Any]:
        return board(row)


def _members(values: dict[str, Any]) -> list[Member]:
    return [
        Member(
            user=each["person"],
            is_chair=each.get("is_chair", False),
            is_mandatory=each.get("is_mandatory", False),
        )
        for each in values["members"]
    ]


class Boards(BoardDoor, ListDoor):
    """Boards."""

    operations = {"GET": "approval_policy.view", "POST": "approval_policy.edit"}

    @describe("List boards", gives=listing_of(BoardShape), parameters=[NameQuery])
    def get(self, request: Any) -> Any:
        query = NameQuery.of(request)
        return self.listed(request, self.rows(), query, board)

    @describe(
        "Make a board", takes=BoardBody, gives=BoardShape, status=201, problems=[409], parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = BoardBody.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.create_board(by=request.user, at=at, name=values["name"], members=_members(values))
            return self.made(made)

        return once(request, at=at, act=act)


class OneBoard(BoardDoor):
    """One board."""

    operations = {"GET": "approval_policy.view", "PUT": "approval_policy.edit"}

    @describe("Get a board", gives=BoardShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)

    @describe(
        "Replace a board and its members",
        takes=BoardBody,
        gives=BoardShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description="Approvals that run keep the people who were asked. If-Match is required.",
    )
    def put(self, request: Any, number: int) -> Any:
        found = self.found(number)
        version = seen_version(request, is_required=True)
        values = BoardBody.read(request.data, by=request.user)
        operations.revise_board(
            board=found,
            by=request.user,
            at=now(),
            name=values["name"],
            members=_members(values),
            is_active=values.get("is_active", True),
            version=version,
        )
        return self.shown(number)
