"""Correcting when something was reported or resolved, in the REST API: its clocks begin and stop there."""

from typing import Any

from common.api.describing import IF_MATCH, describe
from common.api.fields import Moment, Strict, Text
from common.api.preconditions import seen_version
from common.time import now
from records import operations
from records.api.records import RecordDoor

from .clocks import ClockList, clocks_of_record


class ReportBody(Strict):
    """The provable moment of a report."""

    opened_at = Moment(help_text="At most 7 days before the record was made; further back with the right for it.")
    reason = Text(max_length=500, help_text="How the moment is known.")


class Report(RecordDoor):
    """When the record was reported."""

    operations = {"PUT": "record.date_back"}

    @describe(
        "Correct when it was reported; its open clocks begin there",
        takes=ReportBody,
        gives=ClockList,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def put(self, request: Any, reference: str) -> Any:
        at = now()
        record, version = self.record(reference), seen_version(request, is_required=False)
        said = ReportBody.read(request.data, by=request.user)
        operations.correct_report(record=record, by=request.user, at=at, version=version, **said)
        return self.answer(clocks_of_record(request, record.pk, at))


class RestorationBody(Strict):
    """The provable moment at which it worked again."""

    resolved_at = Moment(
        help_text="Before what is recorded, at most 7 days; further back with the right for it. Not before the latest"
        " reopening, nor the last words of the requester."
    )
    reason = Text(max_length=500, help_text="How the moment is known.")


class Restoration(RecordDoor):
    """When the record was resolved."""

    operations = {"PUT": "record.date_back"}

    @describe(
        "Correct when it was resolved; the clocks that stopped with it stop there",
        takes=RestorationBody,
        gives=ClockList,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def put(self, request: Any, reference: str) -> Any:
        at = now()
        record, version = self.record(reference), seen_version(request, is_required=False)
        said = RestorationBody.read(request.data, by=request.user)
        operations.correct_resolution(record=record, by=request.user, at=at, version=version, **said)
        return self.answer(clocks_of_record(request, record.pk, at))
