"""Breaches over REST: read them, explain them, ask for excuses, take them back, send them back."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Integer, Moment, Named, Row, Strict, Text, named
from common.api.filters import PageQuery, Several
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import etag, seen_version
from common.api.views import ApiView, one_of
from common.problems import STALE, Problem
from common.refusals import Stale
from common.time import now
from records.api.references import service, team
from records.models import Attachment

from ...models import Agreement
from .. import excuses, operations
from ..enums import BreachState
from ..listing import whole
from ..models import LONGEST_TEXT, Breach, Cause, Clause

SORTS = {"-missed_at": Sort("missed_at", is_descending=True, is_moment=True)}


class BreachShape(Answer):
    """A missed target: why, and whether the agreement excuses it."""

    id = serializers.IntegerField()
    record = serializers.CharField(help_text="Reference of the record.")
    clock = serializers.CharField(help_text="Name of the clock: response, resolution …")
    clock_id = serializers.IntegerField(help_text="See `/clocks/{id}/` for how its due moment came about.")
    agreement = Named(allow_null=True)
    service = Named(allow_null=True)
    team = Named(allow_null=True, help_text="Who had it when the target passed.")
    owner = Named(allow_null=True, help_text="Whose it was when the target passed.")
    missed_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=BreachState.choices)
    cause = serializers.CharField(allow_null=True, help_text="Short name of the cause.")
    explanation = serializers.CharField(allow_blank=True)
    explained_by = Named(allow_null=True)
    explained_at = serializers.DateTimeField(allow_null=True)
    explain_by_at = serializers.DateTimeField(allow_null=True, help_text="Null: nobody was asked in time.")
    clause = serializers.CharField(allow_null=True, help_text="Short name of the clause.")
    evidence = serializers.CharField(allow_blank=True)
    attachment = Named(allow_null=True)
    approval = serializers.IntegerField(allow_null=True, help_text="See `/approvals/{id}/`.")
    decided_by = Named(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


def cause(**options: Any) -> Row:
    """A cause, by id or short name."""
    return Row(among=lambda by: Cause.objects.all(), by="key", **options)


def clause(**options: Any) -> Row:
    """A clause, by id or short name."""
    return Row(among=lambda by: Clause.objects.all(), by="key", **options)


class BreachExplanation(Strict):
    """Why a target was missed."""

    cause = cause(help_text="Id or short name.")
    text = Text(max_length=LONGEST_TEXT, help_text="What happened.")


class BreachesExplanation(BreachExplanation):
    """One cause for many misses."""

    breaches = serializers.ListField(
        child=Integer(min_value=1), min_length=1, max_length=operations.MANY_AT_MOST, help_text="Ids."
    )


class BreachesExplained(Answer):
    """What became of many."""

    explained = serializers.IntegerField()
    skipped = serializers.DictField(child=serializers.CharField(), help_text="Id to why it was left as it is.")


class ExcuseRequest(Strict):
    """Which clause excuses the miss, and what shows it."""

    clause = clause(help_text="Id or short name; of the agreement of the clock, or of every agreement.")
    evidence = Text(max_length=LONGEST_TEXT)
    attachment = Row(
        among=Attachment.objects.visible_to, by="sha256", required=False, allow_null=True,
        help_text="Id of a file of the record.",
    )  # fmt: skip


class ExcuseReason(Strict):
    """Why, in a few words."""

    reason = Text(max_length=excuses.LONGEST_REASON)


class BreachQuery(PageQuery):
    """Filters add up."""

    state = Several(among=list(BreachState.values), help_text="recorded, explained, excuse_requested, excused …")
    clock = Several(help_text="Names of clocks: response, resolution …")
    cause = cause(required=False, help_text="Id or short name.")
    service = service(required=False, help_text="Id or short name.")
    team = team(required=False, help_text="Id or short name.")
    agreement = Row(among=lambda by: Agreement.objects.all(), required=False, help_text="Id or short name.")
    since = Moment(required=False, help_text="Missed at this moment or later.")
    until = Moment(required=False, help_text="Missed before this moment.")


FILTERS = {
    "state": "state__in", "clock": "clock_kind__in", "cause": "cause", "service": "record__service", "team": "team",
    "agreement": "agreement", "since": "missed_at__gte", "until": "missed_at__lt",
}  # fmt: skip


def breach(row: Breach) -> dict[str, Any]:
    """The dictionary of a `BreachShape`. :param row: read `whole`."""
    same = (
        "state", "missed_at", "explanation", "explained_at", "explain_by_at", "evidence", "decided_at",
        "decision_reason", "version",
    )  # fmt: skip
    people = {name: getattr(row, name) for name in ("owner", "explained_by", "decided_by")}
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in same},
        **{name: named(person.pk, person.name) if person else None for name, person in people.items()},
        "record": row.record.reference,
        "clock": row.clock_kind,
        "clock_id": row.clock_id,
        "agreement": named(row.agreement_id, row.agreement.name if row.agreement else None),
        "service": named(row.record.service_id, row.record.service.name if row.record.service else None),
        "team": named(row.team_id, row.team.name if row.team else None),
        "cause": row.cause.key if row.cause else None,
        "clause": row.clause.key if row.clause else None,
        "attachment": named(row.attachment_id, row.attachment.name if row.attachment else None),
        "approval": row.approval_id,
    }


class BreachDoor(ApiView):
    """A door to one breach."""

    def rows(self, request: Any) -> Any:
        return whole(Breach.objects.visible_to(request.user))

    def breach(self, request: Any, number: int) -> Breach:
        found: Breach = one_of(self.rows(request), number)
        return found

    def shown(self, request: Any, number: int) -> Any:
        row = self.breach(request, number)
        return self.answer(breach(row), version=row.version)

    def stale(self, request: Any, number: int, stale: Stale) -> Problem:
        fresh = self.breach(request, number)
        return Problem(STALE, str(stale), headers={"ETag": etag(fresh.version)}, current=breach(fresh))


class Breaches(BreachDoor):
    """Breaches."""

    operations = {"GET": "breach.view"}

    @describe("List breaches", gives=listing_of(BreachShape), parameters=[BreachQuery])
    def get(self, request: Any) -> Any:
        query = BreachQuery.of(request)
        rows = self.rows(request).filter(**{path: query[name] for name, path in FILTERS.items() if name in query})
        found, following = page(
            rows, request=request, sorts=SORTS, sort="-missed_at", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([breach(row) for row in found], following))


class OneBreach(BreachDoor):
    """One breach."""

    operations = {"GET": "breach.view"}

    @describe("Get a breach", gives=BreachShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(request, number)


class BreachExplaining(BreachDoor):
    """Explaining a breach."""

    operations = {"POST": "breach.explain"}

    @describe(
        "Explain a breach", takes=BreachExplanation, gives=BreachShape, problems=[404, 409, 412], parameters=[IF_MATCH]
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.breach(request, number)
        values = BreachExplanation.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        try:
            operations.explain(breach=found, by=request.user, at=now(), version=version, **values)
        except Stale as stale:
            raise self.stale(request, number, stale) from stale
        return self.shown(request, number)


class BreachesExplaining(BreachDoor):
    """Explaining many breaches."""

    operations = {"POST": "breach.explain"}

    @describe(
        "Explain many breaches with one cause",
        takes=BreachesExplanation,
        gives=BreachesExplained,
        problems=[409],
        description="Each by itself: what can't be explained is named in `skipped`, unknown ids among it.",
    )
    def post(self, request: Any) -> Any:
        values = BreachesExplanation.read(request.data, by=request.user)
        keys = set(values.pop("breaches"))
        found = list(self.rows(request).filter(pk__in=keys))
        result = operations.explain_many(breaches=found, by=request.user, at=now(), **values)
        skipped = {str(row.pk): why for row, why in result.refused}
        skipped |= {str(key): "There is no such breach that you can see." for key in keys - {row.pk for row in found}}
        return self.answer({"explained": result.done, "skipped": skipped})


class BreachExcuse(BreachDoor):
    """Asking for an excuse."""

    operations = {"POST": "breach.ask_excuse"}

    @describe(
        "Ask to have a breach excused",
        takes=ExcuseRequest,
        gives=BreachShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
        description="Somebody outside the team decides, by the approval policies: `POST /approvals/{id}/vote/`.",
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.breach(request, number)
        values = ExcuseRequest.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        try:
            excuses.request(breach=found, by=request.user, at=now(), version=version, **values)
        except Stale as stale:
            raise self.stale(request, number, stale) from stale
        return self.shown(request, number)


class BreachExcuseReturn(BreachDoor):
    """Taking a request back."""

    operations = {"POST": "breach.ask_excuse"}

    @describe("Take the request for an excuse back", takes=ExcuseReason, gives=BreachShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.breach(request, number)
        values = ExcuseReason.read(request.data, by=request.user)
        excuses.take_back(breach=found, by=request.user, at=now(), **values)
        return self.shown(request, number)


class BreachExcuseDeferral(BreachDoor):
    """Sending a request back."""

    operations = {"POST": "breach.view"}

    @describe(
        "Send the request for an excuse back for more evidence",
        takes=ExcuseReason,
        gives=BreachShape,
        problems=[403, 404, 409],
        description="Only those who are asked to decide may.",
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.breach(request, number)
        values = ExcuseReason.read(request.data, by=request.user)
        excuses.defer(breach=found, by=request.user, at=now(), **values)
        return self.shown(request, number)
