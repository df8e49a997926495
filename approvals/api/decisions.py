"""Doors to approvals, votes and deputies."""

from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers

from common.api.describing import IDEMPOTENCY_KEY, describe
from common.api.fields import Answer, Choice, Day, Named, Row, Strict, Text, Texts, named
from common.api.filters import PageQuery, Several
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.refs import parse_reference
from common.time import now
from people.access import access_of
from people.models import User
from records.api.idempotency import once

from .. import enums, operations, presenting, queries, subjects
from ..models import Approval, Deputy, Seat
from .shapes import ApprovalBrief, ApprovalShape, brief, whole

NEWEST = {"newest": Sort(is_descending=True)}


def colleague(**options: Any) -> Row:
    """An active person of the caller's own organization, by id or user name."""
    return Row(
        among=lambda by: User.objects.active().filter(organization_id=by.organization_id), by="username", **options
    )


class ApprovalQuery(PageQuery):
    """Filters add up."""

    state = Several(among=enums.State.values, help_text="Of the approval; several with commas.")
    record = serializers.CharField(required=False, max_length=30, help_text="Reference or number of the record.")
    waiting_for_me = serializers.BooleanField(
        required=False, default=False, help_text="Only what the caller can vote on now."
    )


class VoteBody(Strict):
    """A vote. The same one again changes nothing; another one replaces it until the step is decided."""

    choice = Choice(choices=enums.Choice.choices)
    reason = Text(required=False, allow_blank=True, max_length=5000, help_text="Needed to reject.")
    conditions = Texts(required=False, max_length=20, help_text="With an approval: tasks that must be done.")
    seat = serializers.IntegerField(required=False, min_value=1, help_text="Which one, for a deputy of several people.")


class DelegationBody(Strict):
    """Who decides instead, this time."""

    to = colleague(help_text="Id or user name.")
    reason = Text(required=False, allow_blank=True, max_length=300)


class ApprovalDoor(ApiView):
    """A door to one approval."""

    def found(self, request: Any, number: int) -> Approval:
        rows = queries.with_everything(queries.approvals_visible_to(request.user, at=now()))
        approval: Approval = one_of(rows, number)
        if approval.subject is None:
            raise Http404
        approval.subject = getattr(approval.subject, "specific", approval.subject)
        return approval

    def shown(self, request: Any, number: int) -> Any:
        approval = self.found(request, number)
        mine = presenting.mine_of(approval, request.user, at=now())
        body = whole(approval, mine=mine, missing=queries.missing_of(approval))
        return self.answer(body, version=approval.version)


class Approvals(ApiView):
    """Approvals."""

    operations = {"GET": "approval.view"}

    @describe("List approvals", gives=listing_of(ApprovalBrief), parameters=[ApprovalQuery])
    def get(self, request: Any) -> Any:
        query = ApprovalQuery.of(request)
        moment = now()
        rows = queries.approvals_visible_to(request.user, at=moment)
        rows = rows.select_related("record", "asked_by").prefetch_related("steps")
        if "state" in query:
            rows = rows.filter(state__in=query["state"])
        if "record" in query:
            rows = rows.filter(record_id=parse_reference(query["record"]) or 0)
        if query["waiting_for_me"]:
            rows = rows.filter(pk__in=[each.approval.pk for each in queries.decisions_of(request.user, at=moment)])
        found, following = page(
            rows, request=request, sorts=NEWEST, sort="newest", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([brief(row) for row in subjects.attach(found)], following))


class OneApproval(ApprovalDoor):
    """One approval."""

    operations = {"GET": "approval.view"}

    @describe("Get an approval with steps, seats and votes", gives=ApprovalShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(request, number)


class ApprovalVote(ApprovalDoor):
    """One's own vote."""

    operations = {"POST": "approval.decide"}
    also = ("approval.view",)

    @describe(
        "Vote: approve, reject or abstain",
        takes=VoteBody,
        gives=ApprovalShape,
        problems=[404, 409],
        description="The last vote ends the step or the approval. Sending the same vote again changes nothing.",
        examples=[("Approve with a condition", {"choice": "approve", "conditions": ["Tell the users first"]})],
    )
    def post(self, request: Any, number: int) -> Any:
        approval = self.found(request, number)
        values = VoteBody.read(request.data, by=request.user)
        key = values.pop("seat", None)
        seat = None if key is None else _seat(approval, key)
        operations.vote(approval=approval, by=request.user, at=now(), seat=seat, **values)
        return self.shown(request, number)


class ApprovalDelegation(ApprovalDoor):
    """Handing one's vote over."""

    operations = {"POST": "approval.decide", "DELETE": "approval.decide"}
    also = ("approval.view",)

    @describe("Let somebody else decide on one's seat", takes=DelegationBody, gives=ApprovalShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        approval = self.found(request, number)
        values = DelegationBody.read(request.data, by=request.user)
        seat = self._own(approval, acting=request.user)
        operations.hand_over(seat=seat, by=request.user, at=now(), **values)
        return self.shown(request, number)

    @describe("Take one's vote back", gives=ApprovalShape, problems=[404, 409])
    def delete(self, request: Any, number: int) -> Any:
        approval = self.found(request, number)
        operations.take_back(seat=self._own(approval, holder=request.user), by=request.user, at=now())
        return self.shown(request, number)

    def _own(self, approval: Approval, **whose: Any) -> Seat:
        """The latest seat of the caller. :raises NotYourVote: they have none."""
        seats = Seat.objects.select_related("step__approval__record").filter(step__approval=approval, **whose)
        found = seats.exclude(step__opened_at=None).order_by("-step__position", "-is_deciding").first()
        if found is None:
            raise operations.NotYourVote.because(
                "no_seat", _("You have no vote here that you could hand over or take back.")
            )
        return found


def _seat(approval: Approval, key: int) -> Seat:
    found = Seat.objects.filter(step__approval=approval, pk=key).first()
    if found is None:
        raise Http404
    return found


class DeputyShape(Answer):
    """Who decides for whom, and when."""

    id = serializers.IntegerField()
    person = Named()
    deputy = Named()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(help_text="This day not included.")
    reason = serializers.CharField(allow_blank=True)


class NewDeputy(Strict):
    """One's own deputy, from one day up to another in one's own zone."""

    deputy = colleague(help_text="Id or user name.")
    valid_from = Day()
    valid_to = Day(help_text="The day of return, not included.")
    reason = Text(required=False, allow_blank=True, max_length=200)


def deputy(row: Deputy) -> dict[str, Any]:
    """The dictionary of a `DeputyShape`."""
    return {
        "id": row.pk,
        "person": named(row.person_id, str(row.person)),
        "deputy": named(row.deputy_id, str(row.deputy)),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "reason": row.reason,
    }


class Deputies(ApiView):
    """Deputies that concern the caller, and with the right those of others."""

    operations = {"GET": "approval.delegate", "POST": "approval.delegate"}

    @describe("List deputies", gives=listing_of(DeputyShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        rows = Deputy.objects.select_related("person", "deputy").filter(_theirs(request.user) | Q(deputy=request.user))
        found, following = page(
            rows, request=request, sorts=NEWEST, sort="newest", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([deputy(row) for row in found], following))

    @describe(
        "Name one's deputy",
        takes=NewDeputy,
        gives=DeputyShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[("A week", {"deputy": "tom", "valid_from": "2026-07-06", "valid_to": "2026-07-13"})],
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = NewDeputy.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.name_deputy(person=request.user, by=request.user, at=at, **values)
            return self.answer(deputy(made), status=201)

        return once(request, at=at, act=act)


class OneDeputy(ApiView):
    """One deputyship."""

    operations = {"DELETE": "approval.delegate"}

    @describe("End a deputyship today", status=204, problems=[404, 409])
    def delete(self, request: Any, number: int) -> Any:
        found = one_of(Deputy.objects.filter(_theirs(request.user)), number)
        operations.end_deputy(deputy=found, by=request.user, at=now())
        return self.answer(status=204)


def _theirs(user: Any) -> Q:
    """Deputies that the person may end: their own, and those of the people whose deputies they may name."""
    access = access_of(user)
    own = Q(person=user)
    if not access.allows("approval.delegate_for_others"):
        return own
    reach = access.rows("approval.delegate_for_others", own=own, organization="person__organization")
    return reach | own if reach else Q(pk__isnull=False)
