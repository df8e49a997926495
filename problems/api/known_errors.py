"""Known errors in the API: the list, one, its texts, sending its workaround, whether it helped."""

from typing import Any

from django.http import Http404

from common.api.describing import IF_MATCH, describe
from common.api.fields import LARGEST_KEY
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.refs import parse_reference
from common.time import now
from people.access import access_of
from records import tasks
from records.bulk import runs
from records.models import Record

from .. import operations
from ..enums import Use
from ..models import KnownError
from ..queries import known_errors, suggesting
from ..sending import NAME
from .known_error_shapes import (
    KnownErrorChange,
    KnownErrorMatchList,
    KnownErrorQuery,
    KnownErrorRow,
    KnownErrorShape,
    MatchQuery,
    OutcomeBody,
    SendingBody,
    SendingShape,
    UseBody,
    UseList,
    UseShape,
    row_of,
    shape_of,
    use_of,
)

SORTS = {"-published": Sort("published_at", is_descending=True, is_moment=True)}
MOST_USES = 500
RELATED = ("problem", "published_by")


class KnownErrorDoor(ApiView):
    """A door to known errors, which are the provider's side."""

    also = ("record.view",)

    def known(self, reference: str) -> KnownError:
        """:raises Http404: unknown, or not for the eyes of the caller; nobody can tell which."""
        number = parse_reference(reference)
        rows = KnownError.objects.visible_to(self.request.user).with_counts().select_related(*RELATED)
        found = None if number is None else rows.filter(pk=number).first()
        if found is None or not access_of(self.request.user).allows_on("record.read_notes", found.problem):
            raise Http404
        return found

    def uses(self, known: KnownError) -> Any:
        seen = Record.objects.visible_to(self.request.user).filter(pk__in=known.uses.values("record"))
        return known.uses.filter(record__in=seen).select_related("record", "by", "known_error")


class KnownErrors(KnownErrorDoor):
    """The known errors that the caller may see."""

    operations = {"GET": "record.read_notes"}

    @describe("List known errors", gives=listing_of(KnownErrorRow), parameters=[KnownErrorQuery])
    def get(self, request: Any) -> Any:
        query = KnownErrorQuery.of(request)
        rows = known_errors.found(request.user, text=query.get("q", ""), everything=query["withdrawn"])
        found, following = page(
            rows.select_related("problem").with_counts(),
            request=request,
            sorts=SORTS,
            sort="-published",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([row_of(each) for each in found], following))


class KnownErrorMatches(KnownErrorDoor):
    """Known errors that may fit."""

    operations = {"GET": "record.read_notes"}

    @describe(
        "Find known errors for a subject or a record",
        gives=KnownErrorMatchList,
        problems=[404],
        parameters=[MatchQuery],
    )
    def get(self, request: Any) -> Any:
        query = MatchQuery.of(request)
        if "record" in query:
            offered = suggesting.beside(request.user, self._record(query["record"]))
        else:
            about: dict[str, Any] = {"service_id": query.get("service"), "item_id": query.get("item")}
            offered = suggesting.for_typed(request.user, title=query.get("title", ""), **about)
        return self.answer({"items": [_suggestion(each) for each in offered]})

    def _record(self, typed: str) -> Record:
        """:raises Http404: unknown, or not for the eyes of the caller from the inside."""
        rows = Record.objects.visible_to(self.request.user)
        found = rows.filter(pk=parse_reference(typed) or 0).first()
        if found is None or not access_of(self.request.user).allows_on("record.read_notes", found):
            raise Http404
        return found


def _suggestion(offered: suggesting.Suggestion) -> dict[str, Any]:
    return {
        "known_error": row_of(offered.known_error),
        "score": offered.score,
        "why": offered.why,
        "is_linked": offered.is_linked,
    }


class OneKnownError(KnownErrorDoor):
    """One known error."""

    operations = {"GET": "record.read_notes", "PATCH": "problem.edit"}

    @describe("Get a known error", gives=KnownErrorShape, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        known = self.known(reference)
        return self.answer(shape_of(known), version=known.problem.version)

    @describe(
        "Change the texts of a known error",
        takes=KnownErrorChange,
        gives=KnownErrorShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )
    def patch(self, request: Any, reference: str) -> Any:
        known, version = self.known(reference), seen_version(request, is_required=False)
        values = KnownErrorChange.read(request.data, by=request.user)
        operations.revise(
            known_error=known,
            by=request.user,
            at=now(),
            services=values.pop("services", None),
            items=values.pop("items", None),
            values=values,
            version=version,
        )
        fresh = self.known(reference)
        return self.answer(shape_of(fresh), version=fresh.problem.version)


class Sendings(KnownErrorDoor):
    """Sending the workaround to those who wait."""

    operations = {"POST": "problem.send_workaround"}

    @describe(
        "Send the workaround as a public reply",
        takes=SendingBody,
        gives=SendingShape,
        problems=[404, 409],
        description="Up to 50 records are done at once, more by a worker. Who got it already is left out.",
    )
    def post(self, request: Any, reference: str) -> Any:
        known, at = self.known(reference), now()
        values = SendingBody.read(request.data, by=request.user)
        records = values.get("records")
        if records is None:
            records = list(known_errors.waiting_for(known, request.user)[: runs.MOST + 1])
        inputs = {"known_error": known.pk, "text": values.get("text", ""), "resolve": values["resolve"]}
        run = runs.plan(records=records, act=NAME, inputs=inputs, by=request.user, at=at)
        if len(records) <= runs.AT_ONCE:
            runs.finish(run=run, at=at)
        else:
            tasks.work_bulk.delay(run_id=run.pk)
        result = runs.result_of(run)
        return self.answer(
            {
                "run": run.pk,
                "total": result.total,
                "sent": result.changed,
                "skipped": result.skipped,
                "pending": result.pending,
                "reasons": {
                    reason: [each.record.reference for each in items] for reason, items in result.reasons.items()
                },
            }
        )


class Uses(KnownErrorDoor):
    """What became of a known error on records."""

    operations = {"GET": "record.read_notes", "POST": "record.reply"}

    @describe("List where a known error was used", gives=UseList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        rows = self.uses(self.known(reference))[:MOST_USES]
        return self.answer({"items": [use_of(each) for each in rows]})

    @describe(
        "Say that a known error was used on a record, or does not fit it",
        takes=UseBody,
        gives=UseShape,
        status=201,
        problems=[404, 409],
    )
    def post(self, request: Any, reference: str) -> Any:
        known, values = self.known(reference), UseBody.read(request.data, by=request.user)
        act = operations.dismiss if values["use"] == Use.DISMISSED else operations.note_insertion
        made = act(known_error=known, record=values["record"], by=request.user, at=now())
        return self.answer(use_of(made), status=201)


class UseOutcome(KnownErrorDoor):
    """Whether it helped."""

    operations = {"PUT": "record.reply"}

    @describe("Say whether a workaround helped", takes=OutcomeBody, gives=UseShape, problems=[404, 409])
    def put(self, request: Any, reference: str, number: int) -> Any:
        found = self.uses(self.known(reference)).filter(pk=min(number, LARGEST_KEY)).first()
        if found is None:
            raise Http404
        values = OutcomeBody.read(request.data, by=request.user)
        told = operations.tell_outcome(use=found, by=request.user, at=now(), worked=values["worked"])
        return self.answer(use_of(told))
