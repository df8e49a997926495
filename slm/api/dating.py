"""Correcting when something was reported or resolved, in the REST API: its clocks begin and stop there."""

from collections.abc import Callable
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


class RestorationBody(Strict):
    """The provable moment at which it worked again."""

    resolved_at = Moment(
        help_text="Before what is recorded, at most 7 days; further back with the right for it. Not before the latest"
        " reopening, nor the last words of the requester."
    )
    reason = Text(max_length=500, help_text="How the moment is known.")


class _Correction(RecordDoor):
    operations = {"PUT": "record.date_back"}

    def corrected(self, request: Any, reference: str, body: type[Strict], act: Callable[..., Any]) -> Any:
        """Do it, and answer the clocks as they are then."""
        at = now()
        record, version = self.record(reference), seen_version(request, is_required=False)
        act(record=record, by=request.user, at=at, version=version, **body.read(request.data, by=request.user))
        return self.answer(clocks_of_record(request, record.pk, at))


class Report(_Correction):
    """When the record was reported."""

    @describe(
        "Correct when it was reported; its open clocks begin there",
        takes=ReportBody, gives=ClockList, problems=[404, 409, 412], parameters=[IF_MATCH],
    )  # fmt: skip
    def put(self, request: Any, reference: str) -> Any:
        return self.corrected(request, reference, ReportBody, operations.correct_report)


class Restoration(_Correction):
    """When the record was resolved."""

    @describe(
        "Correct when it was resolved; the clocks that stopped with it stop there",
        takes=RestorationBody, gives=ClockList, problems=[404, 409, 412], parameters=[IF_MATCH],
    )  # fmt: skip
    def put(self, request: Any, reference: str) -> Any:
        return self.corrected(request, reference, RestorationBody, operations.correct_resolution)
