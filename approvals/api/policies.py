"""Doors to approval policies and boards."""

from typing import Any

from rest_framework import serializers

from calendars.models import Calendar
from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Answer, Choice, Flag, Integer, Nothing, Row, Strict, Text, Texts
from common.api.filters import NameQuery
from common.api.paging import listing_of
from common.api.preconditions import seen_version
from common.api.views import ApiView, ListDoor, one_of
from common.time import now
from people.enums import Role
from records.api.idempotency import once
from records.api.references import person, team

from .. import enums, operations
from ..models import ApprovalPolicy, Board
from ..operations.boards import Member
from ..terms import ApproverTerms, ConditionTerms, StepSpec, Terms

ROLES = [choice for choice in Role.choices if choice[0] != Role.REQUESTER]


class ApproverShape(Answer):
    """Whom a step asks; keys of rows."""

    kind = serializers.ChoiceField(choices=enums.ApproverKind.choices)
    person = serializers.IntegerField(allow_null=True)
    role = serializers.CharField(allow_blank=True)
    team = serializers.IntegerField(allow_null=True)
    board = serializers.IntegerField(allow_null=True)
    is_mandatory = serializers.BooleanField()


class PolicyStepShape(Answer):
    """A step of a policy."""

    name = serializers.CharField()
    quorum = serializers.ChoiceField(choices=enums.Quorum.choices)
    needed = serializers.IntegerField()
    least_votes = serializers.IntegerField()
    deadline_minutes = serializers.IntegerField(allow_null=True)
    calendar = serializers.IntegerField(allow_null=True)
    remind_minutes = serializers.IntegerField(allow_null=True)
    on_expiry = serializers.ChoiceField(choices=enums.Expiry.choices)
    escalate_to = serializers.IntegerField(allow_null=True)
    approvers = ApproverShape(many=True)


class ConditionShape(Answer):
    """A condition; all of a policy must hold."""

    fact = serializers.CharField()
    comparison = serializers.ChoiceField(choices=enums.Comparison.choices)
    values = serializers.ListField(child=serializers.CharField())


class PolicyShape(Answer):
    """Who decides a purpose for which records."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()
    conditions = ConditionShape(many=True)
    steps = PolicyStepShape(many=True)


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


def board_row(**options: Any) -> Row:
    """A board, by id or short name."""
    return Row(among=lambda by: Board.objects.filter(is_active=True), **options)


class ApproverBody(Strict):
    """Whom a step asks."""

    kind = Choice(choices=enums.ApproverKind.choices)
    person = person(required=False, allow_null=True, help_text="Id or user name; for `person`.")
    role = Choice(choices=ROLES, required=False, help_text="For `role`.")
    team = team(required=False, allow_null=True, help_text="Id or short name; for `team`.")
    board = board_row(required=False, allow_null=True, help_text="Id or short name; for `board`.")
    is_mandatory = Flag(required=False)


class PolicyStepBody(Strict):
    """A step."""

    name = Text(max_length=120)
    approvers = ApproverBody(many=True, max_length=50)  # type: ignore[call-arg] # of the list, not of its rows
    quorum = Choice(choices=enums.Quorum.choices, required=False)
    needed = Integer(min_value=0, max_value=100, required=False)
    least_votes = Integer(min_value=0, max_value=100, required=False)
    deadline_minutes = Integer(min_value=1, max_value=525_600, required=False, allow_null=True)
    calendar = Row(among=lambda by: Calendar.objects.active(), required=False, allow_null=True)
    remind_minutes = Integer(min_value=1, max_value=525_600, required=False, allow_null=True)
    on_expiry = Choice(choices=enums.Expiry.choices, required=False)
    escalate_to = person(required=False, allow_null=True, help_text="Id or user name.")


class ConditionBody(Strict):
    """A condition."""

    fact = Text(max_length=40)
    comparison = Choice(choices=enums.Comparison.choices, required=False)
    values = Texts(max_length=50)


class PolicyBody(Strict):
    """All that a policy says."""

    name = Text(max_length=200)
    position = Integer(min_value=0, max_value=10_000, required=False)
    conditions = ConditionBody(many=True, required=False, max_length=20)  # type: ignore[call-arg] # of the list
    steps = PolicyStepBody(many=True, max_length=10)  # type: ignore[call-arg] # of the list, not of its rows


class NewPolicy(PolicyBody):
    """A new policy, in force at once."""

    purpose = Text(max_length=60, help_text="What it decides, for example `change.authorize`.")


class MemberBody(Strict):
    person = person(help_text="Id or user name.")
    is_chair = Flag(required=False)
    is_mandatory = Flag(required=False)


class BoardBody(Strict):
    """A board with all its members."""

    name = Text(max_length=200)
    members = MemberBody(many=True, max_length=60)  # type: ignore[call-arg] # of the list, not of its rows
    is_active = Flag(required=False)


def terms_of(values: dict[str, Any]) -> Terms:
    """The terms that a body describes."""
    return Terms(
        conditions=tuple(
            ConditionTerms(fact=each["fact"], values=tuple(each["values"]), comparison=each.get("comparison", "is"))
            for each in values.get("conditions", ())
        ),
        steps=tuple(_step(each) for each in values["steps"]),
    )


def _step(said: dict[str, Any]) -> StepSpec:
    rows: dict[str, Any] = {name: getattr(said.get(name), "pk", None) for name in ("calendar", "escalate_to")}
    plain = {name: value for name, value in said.items() if name not in ("approvers", *rows)}
    return StepSpec(
        approvers=tuple(
            ApproverTerms(
                kind=each["kind"],
                person=getattr(each.get("person"), "pk", None),
                role=each.get("role", ""),
                team=getattr(each.get("team"), "pk", None),
                board=getattr(each.get("board"), "pk", None),
                is_mandatory=each.get("is_mandatory", False),
            )
            for each in said["approvers"]
        ),
        **plain,
        **rows,
    )


def policy(row: ApprovalPolicy) -> dict[str, Any]:
    """The dictionary of a `PolicyShape`. :param row: read with conditions and steps."""
    names = ("slug", "name", "purpose", "position", "is_active", "version")
    return {"id": row.pk} | {name: getattr(row, name) for name in names} | Terms.of(row).as_document()


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


class PolicyDoor(ApiView):
    def rows(self) -> Any:
        return ApprovalPolicy.objects.prefetch_related("conditions", "steps__approvers")

    def shown(self, key: int, *, status: int = 200, location: str = "") -> Any:
        row = self.rows().get(pk=key)
        return self.answer(policy(row), status=status, version=row.version, location=location)


class Policies(PolicyDoor, ListDoor):
    """Approval policies."""

    operations = {"GET": "approval_policy.view", "POST": "approval_policy.edit"}

    @describe("List approval policies", gives=listing_of(PolicyShape), parameters=[NameQuery])
    def get(self, request: Any) -> Any:
        query = NameQuery.of(request)
        rows = self.rows()
        if "q" in query:
            rows = rows.filter(name__icontains=query["q"])
        return self.listed(request, rows, query, policy)

    @describe(
        "Make an approval policy",
        takes=NewPolicy,
        gives=PolicyShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            (
                "Two of a team",
                {
                    "name": "Changes",
                    "purpose": "change.authorize",
                    "steps": [
                        {
                            "name": "Peers",
                            "quorum": "count",
                            "needed": 2,
                            "approvers": [{"kind": "team", "team": "networks"}],
                        }
                    ],
                },
            )
        ],
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = NewPolicy.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.create_policy(
                by=request.user,
                at=at,
                name=values["name"],
                purpose=values["purpose"],
                position=values.get("position", 100),
                terms=terms_of(values),
            )
            return self.shown(made.pk, status=201, location=f"{request.path}{made.pk}/")

        return once(request, at=at, act=act)


class OnePolicy(PolicyDoor):
    """One approval policy."""

    operations = {"GET": "approval_policy.view", "PUT": "approval_policy.edit"}

    @describe("Get an approval policy", gives=PolicyShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(one_of(self.rows(), number).pk)

    @describe(
        "Replace what an approval policy says",
        takes=PolicyBody,
        gives=PolicyShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description="Makes a version; approvals that run keep the one they started under. If-Match is required.",
    )
    def put(self, request: Any, number: int) -> Any:
        found = one_of(self.rows(), number)
        version = seen_version(request, is_required=True)
        values = PolicyBody.read(request.data, by=request.user)
        operations.revise_policy(
            policy=found,
            by=request.user,
            at=now(),
            name=values["name"],
            position=values.get("position", found.position),
            terms=terms_of(values),
            version=version,
        )
        return self.shown(found.pk)


class PolicyRetirement(PolicyDoor):
    """Taking a policy out of use."""

    operations = {"POST": "approval_policy.edit"}

    @describe("Retire an approval policy", takes=Nothing, gives=PolicyShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = one_of(self.rows(), number)
        Nothing.read(request.data, by=request.user)
        operations.retire_policy(policy=found, by=request.user, at=now())
        return self.shown(found.pk)


class PolicyReinstatement(PolicyDoor):
    """Using a policy again."""

    operations = {"POST": "approval_policy.edit"}

    @describe("Use a retired approval policy again", takes=Nothing, gives=PolicyShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = one_of(self.rows(), number)
        Nothing.read(request.data, by=request.user)
        operations.reinstate_policy(policy=found, by=request.user, at=now())
        return self.shown(found.pk)


class BoardDoor(ApiView):
    def rows(self) -> Any:
        return Board.objects.prefetch_related("members__user")

    def shown(self, key: int, *, status: int = 200, location: str = "") -> Any:
        row = self.rows().get(pk=key)
        return self.answer(board(row), status=status, version=row.version, location=location)


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
        rows = self.rows()
        if "q" in query:
            rows = rows.filter(name__icontains=query["q"])
        return self.listed(request, rows, query, board)

    @describe(
        "Make a board", takes=BoardBody, gives=BoardShape, status=201, problems=[409], parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = BoardBody.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.create_board(by=request.user, at=at, name=values["name"], members=_members(values))
            return self.shown(made.pk, status=201, location=f"{request.path}{made.pk}/")

        return once(request, at=at, act=act)


class OneBoard(BoardDoor):
    """One board."""

    operations = {"GET": "approval_policy.view", "PUT": "approval_policy.edit"}

    @describe("Get a board", gives=BoardShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(one_of(self.rows(), number).pk)

    @describe(
        "Replace a board and its members",
        takes=BoardBody,
        gives=BoardShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description="Approvals that run keep the people who were asked. If-Match is required.",
    )
    def put(self, request: Any, number: int) -> Any:
        found = one_of(self.rows(), number)
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
        return self.shown(found.pk)
