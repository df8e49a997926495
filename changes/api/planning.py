"""Scope, risk, window, conflicts, exemptions and the late approval of a change, in the API."""

from typing import Any

from common.api.describing import IF_MATCH, describe
from common.api.fields import Nothing
from common.api.preconditions import seen_version
from common.time import now
from records.api.representation import person_of, row_of

from .. import operations
from ..models import Change, Exemption
from ..queries.conflicts import conflicts
from ..queries.freezing import windows_visible_to
from ..queries.risk import questions, risk_of
from . import bodies
from .representation import (
    RELATED,
    ChangeDetail,
    ConflictList,
    ExemptionList,
    ExemptionShape,
    RiskShape,
    change,
    conflict,
)
from .views import ChangeDoor


class PlanningDoor(ChangeDoor):
    """A door that answers with the change as it is then."""

    def shown(self, reference: str) -> Any:
        found = Change.objects.select_related(*RELATED).get(pk=self.inner(reference).pk)
        return self.answer(change(found, by=self.request.user, at=now()), version=found.version)

    def about(self) -> dict[str, Any]:
        return {"by": self.request.user, "at": now()}

    def planned(self, reference: str, act: Any, values: dict[str, Any]) -> Any:
        """Do an act that compares versions, and show the change."""
        found, version = self.inner(reference), seen_version(self.request, is_required=False)
        self.or_current(found, lambda: act(change=found, **self.about(), version=version, **values))
        return self.shown(reference)


class Scope(PlanningDoor):
    """What the change touches."""

    operations = {"PUT": "change.edit"}

    @describe(
        "Say what a change touches", takes=bodies.ScopeBody, gives=ChangeDetail, problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )  # fmt: skip
    def put(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        return self.planned(reference, operations.set_scope, bodies.ScopeBody.read(request.data, by=request.user))


class Risk(PlanningDoor):
    """The risk questions and the score."""

    operations = {"GET": "record.read_notes", "POST": "change.edit"}

    def risk(self, found: Change) -> Any:
        judged = risk_of(found)
        return self.answer(
            {
                "score": judged.score,
                "band": judged.band,
                "raised_by": list(judged.raised_by),
                "questions": [
                    {
                        "key": each.key,
                        "question": each.question,
                        "weight": each.weight,
                        "points": each.points,
                        "is_changed": each.is_changed,
                        "is_for_less": each.is_for_less,
                    }
                    for each in questions(found)
                ],
            }
        )

    @describe("Get the risk of a change", gives=RiskShape, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        return self.risk(self.inner(reference))

    @describe(
        "Answer risk questions", takes=bodies.RiskBody, gives=RiskShape, problems=[404, 409, 412],
        parameters=[IF_MATCH], examples=[("Two of them", {"answers": {"back_out": 1, "tests": 2}})],
    )  # fmt: skip
    def post(self, request: Any, reference: str) -> Any:
        found, version = self.inner(reference), seen_version(request, is_required=False)
        values = bodies.RiskBody.read(request.data, by=request.user)
        self.or_current(found, lambda: operations.answer_risk(change=found, **self.about(), version=version, **values))
        return self.risk(found)


class Window(PlanningDoor):
    """The planned window, before it is decided upon; later it is rescheduled."""

    operations = {"PUT": "change.edit"}

    @describe(
        "Plan the window of a change", takes=bodies.WindowBody, gives=ChangeDetail, problems=[404, 409, 412],
        parameters=[IF_MATCH],
        examples=[("A night", {"planned_from": "2026-03-05T20:00:00Z", "planned_to": "2026-03-05T22:00:00Z"})],
    )  # fmt: skip
    def put(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        return self.planned(reference, operations.plan_window, bodies.WindowBody.read(request.data, by=request.user))


class Conflicts(PlanningDoor):
    """What collides with the planned window."""

    operations = {"GET": "record.read_notes"}

    @describe("List what collides with the window", gives=ConflictList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        start, end = found.planned_from, found.planned_to
        rows = conflicts(found, start, end, viewer=request.user) if start is not None and end is not None else []
        return self.answer({"items": [conflict(each) for each in rows]})


class Acceptances(PlanningDoor):
    """Conflicts that are accepted."""

    operations = {"POST": "change.edit"}

    @describe("Accept a conflict", takes=bodies.AcceptanceBody, gives=ChangeDetail, status=201, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.AcceptanceBody.read(request.data, by=request.user)
        operations.accept_conflict(change=found, **self.about(), **values)
        response = self.shown(reference)
        response.status_code = 201
        return response


class Exemptions(PlanningDoor):
    """Freezes in which the change may happen."""

    operations = {"GET": "record.read_notes", "POST": "change.exempt"}

    @describe("List the exemptions of a change", gives=ExemptionList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        rows = Exemption.objects.filter(change=self.inner(reference)).select_related("window", "by").order_by("pk")
        return self.answer({"items": [_exemption(row) for row in rows]})

    @describe(
        "Let a change happen in a freeze", takes=bodies.ExemptionBody, gives=ExemptionShape, status=201,
        problems=[404, 409],
    )  # fmt: skip
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = bodies.ExemptionBody.read(request.data, by=request.user)
        window = self.row(windows_visible_to(request.user).filter(is_active=True), values["window"])
        made = operations.exempt(change=found, window=window, **self.about(), reason=values["reason"])
        return self.answer(_exemption(made), status=201)


class ExemptionEnd(PlanningDoor):
    """The end of an exemption."""

    operations = {"POST": "change.exempt"}

    @describe("Take an exemption back", takes=bodies.ChangeReasonBody, status=204, problems=[404, 409])
    def post(self, request: Any, reference: str, number: int) -> Any:
        found = self.inner(reference)
        values = bodies.ChangeReasonBody.read(request.data, by=request.user)
        row = self.row(Exemption.objects.filter(change=found).select_related("change", "window"), number)
        operations.withdraw_exemption(exemption=row, **self.about(), **values)
        return self.answer(status=204)


class Asking(PlanningDoor):
    """The late approval of an emergency."""

    operations = {"POST": "change.assess"}

    @describe("Ask for the late approval again", takes=Nothing, gives=ChangeDetail, problems=[404, 409])
    def post(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        Nothing.read(request.data, by=request.user)
        operations.ask_board(change=found, **self.about())
        return self.shown(reference)


class BackOut(PlanningDoor):
    """Giving it up under way."""

    operations = {"POST": "change.implement"}

    @describe(
        "Back out of a change: open steps are skipped", takes=bodies.ChangeReasonBody, gives=ChangeDetail,
        problems=[404, 409, 412], parameters=[IF_MATCH],
    )  # fmt: skip
    def post(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        return self.planned(reference, operations.back_out, bodies.ChangeReasonBody.read(request.data, by=request.user))


def _exemption(row: Exemption) -> dict[str, Any]:
    return {
        "id": row.pk,
        "window": row_of(row.window),
        "reason": row.reason,
        "by": person_of(row.by),
        "at": row.at,
    }
