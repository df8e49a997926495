"""Goals, scales and suggestions in the API."""

from typing import Any

from django.http import Http404

from common.api.describing import IF_MATCH, describe
from common.api.fields import LARGEST_KEY, Nothing
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.refs import parse_reference
from common.time import now

from .. import operations
from ..models import Goal, Scale
from ..queries.register import SHOWN, told_in_portal, votable_by
from . import bodies
from .representation import (
    GoalList,
    GoalShape,
    ImprovementSuggestionList,
    ImprovementSuggestionShape,
    ScaleList,
    ScaleShape,
    goal,
    scale,
    suggestion,
)


class Goals(ApiView):
    """What the organization wants."""

    operations = {"GET": "record.read_notes", "POST": "improvement.set_goals"}

    @describe("List goals", gives=GoalList)
    def get(self, request: Any) -> Any:
        rows = Goal.objects.visible_to(request.user).select_related("organization", "owner")
        return self.answer({"items": [goal(row) for row in rows.order_by("-is_active", "title", "pk")]})

    @describe("Write down a goal", takes=bodies.GoalBody, gives=GoalShape, status=201, problems=[409])
    def post(self, request: Any) -> Any:
        values = bodies.GoalBody.read(request.data, by=request.user)
        return self.answer(goal(operations.create_goal(by=request.user, at=now(), **values)), status=201)


class OneGoal(ApiView):
    """One goal."""

    operations = {"PUT": "improvement.set_goals"}

    @describe("Change a goal", takes=bodies.GoalChange, gives=GoalShape, problems=[404, 409, 412],
              parameters=[IF_MATCH])  # fmt: skip
    def put(self, request: Any, number: int) -> Any:
        found = _found(Goal.objects.visible_to(request.user), number)
        values = bodies.GoalChange.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        saved = operations.change_goal(goal=found, by=request.user, at=now(), version=version, **values)
        return self.answer(goal(saved), version=saved.version)


class Scales(ApiView):
    """The scales of the score."""

    operations = {"GET": "record.read_notes"}

    @describe("List the scales of the score", gives=ScaleList)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [scale(row) for row in Scale.objects.order_by("pk")]})


class OneScale(ApiView):
    """One scale."""

    operations = {"PUT": "improvement.set_scales"}

    @describe("Change a scale of the score", takes=bodies.ScaleBody, gives=ScaleShape, problems=[404, 409, 412],
              parameters=[IF_MATCH])  # fmt: skip
    def put(self, request: Any, number: int) -> Any:
        found = _found(Scale.objects.all(), number)
        values = bodies.ScaleBody.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        saved = operations.change_scale(scale=found, by=request.user, at=now(), version=version, **values)
        return self.answer(scale(saved), version=saved.version)


class Suggestions(ApiView):
    """Suggestions as everybody may make and read them."""

    operations = {"GET": "improvement.suggest", "POST": "improvement.suggest"}

    @describe(
        "List one's own suggestions and those of one's organization that are shown", gives=ImprovementSuggestionList
    )
    def get(self, request: Any) -> Any:
        rows = told_in_portal(request.user)[:SHOWN]
        return self.answer({"items": [suggestion(row, by=request.user) for row in rows]})

    @describe(
        "Suggest an improvement",
        takes=bodies.SuggestionBody,
        gives=ImprovementSuggestionShape,
        status=201,
        problems=[409],
    )
    def post(self, request: Any) -> Any:
        values = bodies.SuggestionBody.read(request.data, by=request.user)
        made = operations.suggest(by=request.user, at=now(), source="api", **values)
        return self.answer(suggestion(_told(request.user, made.reference), by=request.user), status=201)


class SuggestionVote(ApiView):
    """One's vote for a suggestion."""

    operations = {"PUT": "improvement.vote", "DELETE": "improvement.vote"}

    @describe("Vote for a suggestion", takes=Nothing, gives=ImprovementSuggestionShape, problems=[404, 409])
    def put(self, request: Any, reference: str) -> Any:
        found = _told(request.user, reference)
        Nothing.read(request.data, by=request.user)
        operations.vote(improvement=found, by=request.user, at=now())
        return self.answer(suggestion(_told(request.user, reference), by=request.user))

    @describe("Take one's vote back", gives=ImprovementSuggestionShape, problems=[404, 409])
    def delete(self, request: Any, reference: str) -> Any:
        operations.unvote(improvement=_told(request.user, reference), by=request.user, at=now())
        return self.answer(suggestion(_told(request.user, reference), by=request.user))


class SuggestionWithdrawal(ApiView):
    """A suggestion, taken back before anybody works on it."""

    operations = {"POST": "improvement.withdraw"}

    @describe(
        "Take a suggestion back", takes=bodies.SuggestionWithdrawalBody, gives=ImprovementSuggestionShape,
        problems=[404, 409],
    )  # fmt: skip
    def post(self, request: Any, reference: str) -> Any:
        found = _told(request.user, reference)
        values = bodies.SuggestionWithdrawalBody.read(request.data, by=request.user)
        operations.withdraw(improvement=found, by=request.user, at=now(), **values)
        return self.answer(suggestion(_told(request.user, reference), by=request.user))


def _found(rows: Any, number: int) -> Any:
    found = rows.filter(pk=number).first() if number <= LARGEST_KEY else None
    if found is None:
        raise Http404
    return found


def _told(user: Any, reference: str) -> Any:
    """A suggestion as the caller reads it: through the portal's eyes, or as one who works on it."""
    number = parse_reference(reference) or 0
    return _found(votable_by(user), number)
