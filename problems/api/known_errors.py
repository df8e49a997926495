"""Known errors in the API: the list, one, its texts, sending its workaround, whether it helped."""

from typing import Any

from django.http import Http404
from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import LARGEST_KEY, Answer, Choice, Flag, Named, Strict, Text, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.refs import parse_reference
from common.time import now
from people.access import access_of
from records import tasks
from records.api.references import RecordRow, item, service
from records.bulk import runs
from records.models import Record

from .. import operations
from ..enums import Use
from ..models import KnownError, KnownErrorUse
from ..queries import known_errors
from ..sending import NAME

SORTS = {"-published": Sort("published_at", is_descending=True, is_moment=True)}
MOST_USES = 500
RELATED = ("problem", "published_by")


class KnownErrorRow(Answer):
    """A known error in a list."""

    reference = serializers.CharField()
    problem = serializers.CharField(help_text="Reference of its problem.")
    title = serializers.CharField()
    symptom = serializers.CharField()
    workaround = serializers.CharField(allow_blank=True)
    has_workaround = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    used_count = serializers.IntegerField()
    worked_count = serializers.IntegerField()
    failed_count = serializers.IntegerField()


class KnownErrorShape(KnownErrorRow):
    """A known error."""

    cause = serializers.CharField(allow_blank=True)
    is_cause_confirmed = serializers.BooleanField()
    published_by = Named(allow_null=True)
    revised_at = serializers.DateTimeField(allow_null=True)
    services = Named(many=True)
    items = Named(many=True)
    version = serializers.IntegerField(help_text="Of its problem.")


class KnownErrorQuery(PageQuery):
    """Which known errors."""

    q = serializers.CharField(required=False, allow_blank=True, max_length=200, help_text="Words of title and texts.")


class KnownErrorChange(Strict):
    """Only what is sent is written."""

    title = Text(max_length=200, required=False)
    symptom = Text(max_length=20_000, required=False)
    cause = Text(max_length=20_000, required=False, allow_blank=True)
    is_cause_confirmed = Flag(required=False)
    workaround = Text(max_length=20_000, required=False, help_text="Or the word none.")
    services = serializers.ListField(child=service(), required=False, max_length=200)
    items = serializers.ListField(child=item(), required=False, max_length=200)


class SendingBody(Strict):
    """To whom the workaround goes."""

    records = serializers.ListField(
        child=RecordRow(),
        required=False,
        max_length=runs.MOST,
        help_text="References; every open incident that the problem causes when left out.",
    )
    text = Text(max_length=20_000, required=False, help_text="What they read; the workaround when left out.")
    resolve = Flag(default=False, help_text="Resolve them with the code “workaround given”.")


class SendingShape(Answer):
    """What came of a sending. While `pending` is not 0 a worker goes on."""

    run = serializers.IntegerField()
    total = serializers.IntegerField()
    sent = serializers.IntegerField()
    skipped = serializers.IntegerField()
    pending = serializers.IntegerField()
    reasons = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Why some were left out: references."
    )


class UseShape(Answer):
    """What became of a known error on one record."""

    id = serializers.IntegerField()
    record = serializers.CharField(help_text="Its reference.")
    use = serializers.ChoiceField(choices=Use.values)
    by = Named(allow_null=True)
    at = serializers.DateTimeField()
    worked = serializers.BooleanField(allow_null=True)


class UseList(Answer):
    """Records that the caller may see, the latest first."""

    items = UseShape(many=True)


class UseBody(Strict):
    """That it was put into a reply, or that it does not fit."""

    record = RecordRow()
    use = Choice(choices=[(Use.INSERTED.value, "put into a reply"), (Use.DISMISSED.value, "did not fit")])


class OutcomeBody(Strict):
    """Whether it helped."""

    worked = Flag()


def row_of(known: KnownError) -> dict[str, Any]:
    """The dictionary of a `KnownErrorRow`. :param known: read `with_counts()` and its problem."""
    return {
        "reference": known.reference,
        "problem": known.problem.reference,
        "title": known.title,
        "symptom": known.symptom,
        "workaround": known.workaround,
        "has_workaround": known.has_workaround,
        "published_at": known.published_at,
        "withdrawn_at": known.withdrawn_at,
        "used_count": known.used_count,  # type: ignore[attr-defined] # counted in the query
        "worked_count": known.worked_count,  # type: ignore[attr-defined] # as above
        "failed_count": known.failed_count,  # type: ignore[attr-defined] # as above
    }


def shape_of(known: KnownError) -> dict[str, Any]:
    return row_of(known) | {
        "cause": known.cause,
        "is_cause_confirmed": known.is_cause_confirmed,
        "published_by": named(known.published_by_id, known.published_by.name if known.published_by else None),
        "revised_at": known.revised_at,
        "services": [{"id": each.pk, "name": each.name} for each in known.services.all()],
        "items": [{"id": each.pk, "name": each.name} for each in known.items.all()],
        "version": known.problem.version,
    }


def use_of(use: KnownErrorUse) -> dict[str, Any]:
    return {
        "id": use.pk,
        "record": use.record.reference,
        "use": use.use,
        "by": named(use.by_id, use.by.name if use.by else None),
        "at": use.at,
        "worked": use.worked,
    }


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
    """The published known errors that the caller may see."""

    operations = {"GET": "record.read_notes"}

    @describe("List known errors", gives=listing_of(KnownErrorRow), parameters=[KnownErrorQuery])
    def get(self, request: Any) -> Any:
        query = KnownErrorQuery.of(request)
        rows = known_errors.found(request.user, text=query.get("q", ""))
        found, following = page(
            rows.select_related("problem").with_counts(),
            request=request,
            sorts=SORTS,
            sort="-published",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([row_of(each) for each in found], following))


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
