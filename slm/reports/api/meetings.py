"""Review meetings over REST: the same acts as on their page."""

from typing import Any

from django.shortcuts import get_object_or_404

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Nothing
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now
from records.api.idempotency import once

from .. import operations
from ..enums import MeetingState
from ..models import ReviewAction, ReviewMeeting, ServiceReport
from ..queries import actions_of
from .meeting_shapes import (
    MinutesShape,
    NewReviewAction,
    NewReviewMeeting,
    ReviewMeetingShape,
    ReviewMinutes,
    ReviewTopic,
)
from .meeting_shapes import review_meeting as as_answer


class MeetingDoor(ApiView):
    """A door to the review of a report that the person sees from inside."""

    also = ("report.view",)

    def report(self, request: Any, number: int) -> ServiceReport:
        found: ServiceReport = one_of(ServiceReport.objects.visible_to(request.user).frozen(), number)
        return found

    def meeting(self, request: Any, number: int) -> ReviewMeeting:
        rows = ReviewMeeting.objects.select_related("report__organization", "chair")
        found: ReviewMeeting = get_object_or_404(rows, report=self.report(request, number))
        return found

    def action(self, request: Any, number: int, key: int) -> ReviewAction:
        found: ReviewAction = one_of(ReviewAction.objects.filter(meeting=self.meeting(request, number)), key)
        return found

    def shown(self, request: Any, number: int, *, status: int = 200) -> Any:
        row = self.meeting(request, number)
        body = as_answer(row, actions_of(row, request.user, at=now()))
        return self.answer(body, status=status, version=row.version)


class Review(MeetingDoor):
    """The meeting."""

    operations = {"GET": "report.view", "POST": "report.prepare"}

    @describe("Get the review meeting of a report", gives=ReviewMeetingShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(request, number)

    @describe(
        "Plan the review meeting of an issued report",
        takes=NewReviewMeeting,
        gives=ReviewMeetingShape,
        status=201,
        problems=[404, 409],
        parameters=[IDEMPOTENCY_KEY],
        description="Its agenda is made from the figures of the report, disputes, agreements that end and actions.",
    )
    def post(self, request: Any, number: int) -> Any:
        at, found = now(), self.report(request, number)
        values = NewReviewMeeting.read(request.data, by=request.user)

        def act() -> Any:
            operations.plan_meeting(report=found, by=request.user, at=at, **values)
            return self.shown(request, number, status=201)

        return once(request, at=at, act=act)


class ReviewTopics(MeetingDoor):
    """Points by hand."""

    operations = {"POST": "report.prepare"}

    @describe("Add a topic to a review", takes=ReviewTopic, gives=ReviewMeetingShape, status=201, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.meeting(request, number)
        values = ReviewTopic.read(request.data, by=request.user)
        operations.add_topic(meeting=found, by=request.user, at=now(), **values)
        return self.shown(request, number, status=201)


class ReviewMinutesDoor(MeetingDoor):
    """Minutes."""

    operations = {"PATCH": "report.prepare"}

    @describe(
        "Write the minutes of a review",
        takes=ReviewMinutes,
        gives=ReviewMeetingShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def patch(self, request: Any, number: int) -> Any:
        found = self.meeting(request, number)
        said = ReviewMinutes.read(request.data, by=request.user)
        operations.take_minutes(
            meeting=found,
            by=request.user,
            at=now(),
            texts={each["id"]: each["text"] for each in said.get("items", ())},
            there={each["id"]: each["was_there"] for each in said.get("attendees", ())},
            remarks=said.get("remarks", found.remarks),
            version=seen_version(request, is_required=False),
        )
        return self.shown(request, number)


class ReviewActions(MeetingDoor):
    """Giving actions."""

    operations = {"POST": "report.prepare"}

    @describe(
        "Give an action in a review",
        takes=NewReviewAction,
        gives=ReviewMeetingShape,
        status=201,
        problems=[404, 409],
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Any, number: int) -> Any:
        at, found = now(), self.meeting(request, number)
        values = NewReviewAction.read(request.data, by=request.user)

        def act() -> Any:
            operations.give_action(meeting=found, by=request.user, at=at, **values)
            return self.shown(request, number, status=201)

        return once(request, at=at, act=act)


class ReviewActionRegistration(MeetingDoor):
    """An action becomes an improvement."""

    operations = {"POST": "report.prepare"}

    @describe(
        "Write an action into the register of improvements",
        takes=Nothing,
        gives=ReviewMeetingShape,
        problems=[404, 409],
    )
    def post(self, request: Any, number: int, key: int) -> Any:
        found = self.action(request, number, key)
        Nothing.read(request.data, by=request.user)
        operations.register_action(action=found, by=request.user, at=now())
        return self.shown(request, number)


class ReviewActionCompletion(MeetingDoor):
    """An action is done."""

    operations = {"POST": "report.view"}

    @describe("Say that an action of a review is done", takes=Nothing, gives=ReviewMeetingShape, problems=[404, 409])
    def post(self, request: Any, number: int, key: int) -> Any:
        found = self.action(request, number, key)
        Nothing.read(request.data, by=request.user)
        operations.finish_action(action=found, by=request.user, at=now())
        return self.shown(request, number)


class ReviewClosure(MeetingDoor):
    """Closing."""

    operations = {"POST": "report.prepare"}

    @describe(
        "Close the minutes of a review",
        takes=Nothing,
        gives=ReviewMeetingShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
        description="They are frozen under a fingerprint; the customer reads them beside the report.",
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.meeting(request, number)
        Nothing.read(request.data, by=request.user)
        operations.close_minutes(
            meeting=found, by=request.user, at=now(), version=seen_version(request, is_required=False)
        )
        return self.shown(request, number)


class OwnMinutes(ApiView):
    """Closed minutes, on the customer's side."""

    operations = {"GET": "report.read"}

    @describe(
        "Get the closed minutes of the review of a report of your organization", gives=MinutesShape, problems=[404]
    )
    def get(self, request: Any, number: int) -> Any:
        report = one_of(ServiceReport.objects.open_to_customer(request.user), number)
        found = get_object_or_404(ReviewMeeting, report=report, state=MeetingState.CLOSED)
        return self.answer({"document": found.document, "closed_at": found.closed_at, "fingerprint": found.fingerprint})


class OwnActionCompletion(ApiView):
    """An action that was given to somebody of the customer."""

    operations = {"POST": "report.read"}

    @describe(
        "Say that an action that you were given in a review is done", takes=Nothing, status=204, problems=[404, 409]
    )
    def post(self, request: Any, number: int, key: int) -> Any:
        report = one_of(ServiceReport.objects.open_to_customer(request.user), number)
        rows = ReviewAction.objects.filter(meeting__report=report, owner=request.user)
        Nothing.read(request.data, by=request.user)
        operations.finish_action(action=one_of(rows, key), by=request.user, at=now())
        return self.answer(status=204)
