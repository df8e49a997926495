"""Outages over REST: read them, record them, end, correct and withdraw them, decide about proposals."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Answer, Flag, Integer, Moment, Named, Nothing, Row, Strict, Text, named
from common.api.filters import PageQuery, Several
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import etag, seen_version
from common.api.views import ApiView, one_of
from common.problems import STALE, Problem
from common.refusals import Refused, Stale
from common.time import now
from records.api.idempotency import once
from records.api.references import RecordRow, service
from services.models import Offering

from .. import checks, operations, sources
from ..enums import OutageState
from ..models import Outage
from ..queries import RELATED

SORTS = {"-started_at": Sort("started_at", is_descending=True, is_moment=True)}


class OutageShape(Answer):
    """A span in which a service, or one offering of it, was not usable, or less than agreed."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=OutageState.choices)
    service = Named()
    offering = Named(allow_null=True, help_text="Null: the whole service.")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Null while it goes on.")
    is_planned = serializers.BooleanField()
    weight = serializers.CharField(help_text="Share of the service that was lost, from 0.00 to 1.00.")
    users_affected = serializers.IntegerField(allow_null=True)
    cause = serializers.CharField(allow_blank=True)
    ticket = serializers.CharField(allow_null=True, help_text="Reference of the ticket it was recorded from.")
    ends_with_ticket = serializers.BooleanField()
    entered_by = Named(allow_null=True)
    entered_at = serializers.DateTimeField()
    decided_reason = serializers.CharField(allow_blank=True, help_text="Why it was dismissed or withdrawn.")
    version = serializers.IntegerField()


class Share(Text):
    """A share as a text, so that it stays what it is: a JSON number would pass through a float."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if not re.fullmatch(r"0(\.\d{1,2})?|1(\.0{1,2})?", text):
            raise serializers.ValidationError(
                _('This is no share. Write it like "0.5", from 0 to 1 with two decimals.')
            )
        return Decimal(text)


class OutageBody(Strict):
    """What people say about an outage."""

    offering = Row(
        among=lambda by: Offering.objects.filter(is_active=True), by="name", required=False, allow_null=True,
        help_text="Id or name; null: the whole service.",
    )  # fmt: skip
    started_at = Moment(required=False, help_text="When it failed, not when somebody reported it.")
    ended_at = Moment(required=False, allow_null=True, help_text="Null while it goes on.")
    is_planned = Flag(required=False)
    weight = Share(required=False, help_text="Share of the service that was lost, such as 0.5; 1 when left out.")
    users_affected = Integer(min_value=0, max_value=checks.MOST_USERS, required=False, allow_null=True)
    cause = Text(max_length=checks.LONGEST_CAUSE, required=False, allow_blank=True)


class NewOutage(OutageBody):
    """An outage; it counts at once."""

    service = service(required=False, help_text="Id or short name; that of the ticket when left out.")
    started_at = Moment(required=False, help_text="When it failed; what the ticket says when left out.")
    ticket = RecordRow(
        required=False, help_text="The ticket that tells of it: gives what is left out; the outage ends with it."
    )


class OutageChange(OutageBody):
    """A correction. Only the fields sent are written."""

    reason = Text(max_length=operations.LONGEST_REASON, help_text="Why it is corrected; kept with what stood before.")


class OutageEnd(Strict):
    """Since when it works again."""

    ended_at = Moment()


class OutageReason(Strict):
    """Why it is taken away."""

    reason = Text(max_length=operations.LONGEST_REASON)


class OutageQuery(PageQuery):
    """Filters add up; all outages that touch the span from `since` to `until`."""

    state = Several(among=list(OutageState.values), help_text="proposed, confirmed, dismissed, withdrawn.")
    service = service(required=False, help_text="Id or short name.")
    is_planned = serializers.BooleanField(required=False, allow_null=True, default=None)
    is_open = serializers.BooleanField(required=False, allow_null=True, default=None)
    since = Moment(required=False)
    until = Moment(required=False)


def outage(row: Outage) -> dict[str, Any]:
    """The dictionary of an `OutageShape`. :param row: read with `RELATED`."""
    same = (
        "state", "started_at", "ended_at", "is_planned", "users_affected", "cause", "entered_at", "decided_reason",
        "version",
    )  # fmt: skip
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in same},
        "service": named(row.service_id, row.service.name),
        "offering": named(row.offering_id, row.offering.name if row.offering else None),
        "weight": f"{row.weight:.2f}",
        "ticket": row.record.reference if row.record else None,
        "ends_with_ticket": row.ends_with_record,
        "entered_by": named(row.entered_by_id, row.entered_by.name if row.entered_by else None),
    }


class OutageDoor(ApiView):
    """A door to one outage."""

    def rows(self, request: Any) -> Any:
        return Outage.objects.visible_to(request.user).select_related(*RELATED)

    def outage(self, request: Any, number: int) -> Outage:
        found: Outage = one_of(self.rows(request), number)
        return found

    def shown(self, request: Any, number: int, *, status: int = 200, location: str = "") -> Any:
        row = self.outage(request, number)
        return self.answer(outage(row), status=status, version=row.version, location=location)


class Outages(OutageDoor):
    """Outages."""

    operations = {"GET": "outage.view", "POST": "outage.record"}

    @describe("List outages", gives=listing_of(OutageShape), parameters=[OutageQuery])
    def get(self, request: Any) -> Any:
        query = OutageQuery.of(request)
        rows = self.rows(request)
        if "state" in query:
            rows = rows.filter(state__in=query["state"])
        if "service" in query:
            rows = rows.filter(service=query["service"])
        if query["is_planned"] is not None:
            rows = rows.filter(is_planned=query["is_planned"])
        if query["is_open"] is not None:
            rows = rows.filter(ended_at__isnull=query["is_open"])
        if "since" in query:
            rows = rows.exclude(ended_at__lte=query["since"])
        if "until" in query:
            rows = rows.filter(started_at__lt=query["until"])
        found, following = page(
            rows,
            request=request,
            sorts=SORTS,
            sort="-started_at",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([outage(row) for row in found], following))

    @describe(
        "Record an outage",
        takes=NewOutage,
        gives=OutageShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        description="Outages that overlap may stand beside each other: at each moment the heaviest counts, once.",
        examples=[
            (
                "Half of a service for an hour",
                {
                    "service": "vpn",
                    "started_at": "2026-03-10T08:00:00Z",
                    "ended_at": "2026-03-10T09:00:00Z",
                    "weight": "0.5",
                    "cause": "One of two gateways was down",
                },
            )
        ],
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = NewOutage.read(request.data, by=request.user)
        ticket = values.pop("ticket", None)
        said = _from_ticket(ticket) | values
        for name in ("service", "started_at"):
            if said.get(name) is None:
                raise serializers.ValidationError({name: [_("This is missing. Send it, or a ticket that says it.")]})

        def act() -> Any:
            made = operations.record(by=request.user, at=at, record=ticket, **said)
            return self.shown(request, made.pk, status=201, location=f"{request.path}{made.pk}/")

        return once(request, at=at, act=act)


def _from_ticket(ticket: Any) -> dict[str, Any]:
    """What is left out and the ticket says. :raises Refused: tickets of this kind tell of no outages."""
    if ticket is None:
        return {}
    if ticket.kind not in sources.kinds():
        raise Refused.because("unfit", _("Tickets of this kind tell of no outages."), field="ticket")
    told = sources.told_by(ticket)
    return {
        "service": ticket.service,
        "started_at": told.started_at,
        "ended_at": told.ended_at,
        "users_affected": told.users_affected,
    }


class OneOutage(OutageDoor):
    """One outage."""

    operations = {"GET": "outage.view", "PATCH": "outage.correct"}

    @describe("Get an outage", gives=OutageShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(request, number)

    @describe(
        "Correct an outage",
        takes=OutageChange,
        gives=OutageShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description="What stood before remains in the log, with the reason. If-Match is required.",
    )
    def patch(self, request: Any, number: int) -> Any:
        found = self.outage(request, number)
        version = seen_version(request, is_required=True)
        values = OutageChange.read(request.data, by=request.user)
        reason = values.pop("reason")
        try:
            operations.correct(outage=found, by=request.user, at=now(), values=values, reason=reason, version=version)
        except Stale as stale:
            fresh = self.outage(request, number)
            raise Problem(STALE, str(stale), headers={"ETag": etag(fresh.version)}, current=outage(fresh)) from stale
        return self.shown(request, number)


class OutageEnding(OutageDoor):
    """Ending an outage."""

    operations = {"POST": "outage.record"}

    @describe("End an outage", takes=OutageEnd, gives=OutageShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.outage(request, number)
        values = OutageEnd.read(request.data, by=request.user)
        operations.end(outage=found, by=request.user, at=now(), **values)
        return self.shown(request, number)


class OutageConfirmation(OutageDoor):
    """Letting a proposed outage count."""

    operations = {"POST": "outage.record"}

    @describe("Confirm a proposed outage", takes=Nothing, gives=OutageShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.outage(request, number)
        Nothing.read(request.data, by=request.user)
        operations.confirm(outage=found, by=request.user, at=now())
        return self.shown(request, number)


class OutageDismissal(OutageDoor):
    """Saying that a proposal was no outage."""

    operations = {"POST": "outage.correct"}

    @describe("Dismiss a proposed outage", takes=OutageReason, gives=OutageShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.outage(request, number)
        values = OutageReason.read(request.data, by=request.user)
        operations.dismiss(outage=found, by=request.user, at=now(), **values)
        return self.shown(request, number)


class OutageWithdrawal(OutageDoor):
    """Taking back an outage that was none."""

    operations = {"POST": "outage.correct"}

    @describe("Withdraw an outage", takes=OutageReason, gives=OutageShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.outage(request, number)
        values = OutageReason.read(request.data, by=request.user)
        operations.withdraw(outage=found, by=request.user, at=now(), **values)
        return self.shown(request, number)
