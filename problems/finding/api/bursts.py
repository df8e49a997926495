"""What came in at once: what is proposed, what was decided, and deciding."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Choice, Moment, Named, Nothing, Strict, Text, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.refusals import Refused
from common.time import now
from records.api.references import RecordRow

from .. import decided, operations
from ..dimensions import DIMENSIONS
from ..enums import ClusterState
from ..models import DecidedBurst
from ..together import FIELDS, Asked, Shown, look

FIELD_CHOICES = [(name, DIMENSIONS[name].label) for name in FIELDS]
RELATED = ("decided_by", "problem")
SORTS = {"-decided_at": Sort("decided_at", is_descending=True, is_moment=True)}


class SharedShape(Answer):
    """A field and the value in it."""

    field = serializers.CharField(help_text="The field as people read it.")
    value = serializers.CharField()


class BurstShape(Answer):
    """Far more incidents within four hours than usual, that share a field."""

    by = serializers.ChoiceField(choices=FIELD_CHOICES)
    key = serializers.CharField(help_text="The value as acts name it.")
    value = serializers.CharField(help_text="The value as people read it.")
    incidents = serializers.ListField(child=serializers.CharField(), help_text="Their references.")
    usual = serializers.FloatField(help_text="How many its share of all incidents would have brought.")
    first_at = serializers.DateTimeField()
    latest_at = serializers.DateTimeField()
    also = SharedShape(many=True)


class BurstList(Answer):
    """The most surprising first, 50 at most."""

    first_at = serializers.DateTimeField(help_text="When the first incident looked at was opened.")
    latest_at = serializers.DateTimeField()
    incidents = serializers.IntegerField(help_text="How many were looked at.")
    items = BurstShape(many=True)


class DecidedBurstShape(Answer):
    """What somebody made of incidents that came at once."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ClusterState.choices, help_text="`proposed`: taken back since.")
    by = serializers.ChoiceField(choices=FIELD_CHOICES)
    key = serializers.CharField()
    value = serializers.CharField()
    incident_count = serializers.IntegerField()
    usual = serializers.FloatField()
    first_at = serializers.DateTimeField()
    latest_at = serializers.DateTimeField()
    decided_by = Named(allow_null=True)
    decided_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True, help_text="Why it was dismissed.")
    problem = serializers.CharField(allow_null=True, help_text="Reference of the problem that it was made.")
    returned_at = serializers.DateTimeField(allow_null=True, help_text="When the dismissal was taken back.")


class BurstBody(Strict):
    """Which of those proposed: field, value and hours as the list says them."""

    by = Choice(choices=FIELD_CHOICES)
    key = Text(max_length=200)
    first_at = Moment()
    latest_at = Moment()


class BurstAcceptanceBody(BurstBody):
    """What it becomes: a new problem, or part of one."""

    title = Text(max_length=200, required=False, help_text="Of the new problem; field and moment when left out.")
    problem = RecordRow(required=False, help_text="An open problem to link them with, instead of opening one.")


class BurstDismissalBody(BurstBody):
    """Why no problem lies behind it."""

    reason = Text(max_length=operations.LONGEST_REASON)


class DecidedBurstQuery(PageQuery):
    """Which decisions; `proposed` are those that were taken back."""

    state = serializers.ChoiceField(choices=ClusterState.choices, default=ClusterState.DISMISSED.value)


def burst(shown: Shown) -> dict[str, Any]:
    """The dictionary of a `BurstShape`."""
    return {
        "by": shown.burst.name,
        "key": shown.slug,
        "value": shown.value,
        "incidents": shown.references,
        "usual": round(shown.burst.expected, 1),
        "first_at": shown.burst.first_at,
        "latest_at": shown.burst.latest_at,
        "also": [{"field": label, "value": value} for label, value in shown.also],
    }


def decisions(rows: list[DecidedBurst]) -> list[dict[str, Any]]:
    """Dictionaries of `DecidedBurstShape`. :param rows: read with `RELATED`."""
    same = ("state", "first_at", "latest_at", "decided_at", "reason", "returned_at")
    return [
        {
            "id": row.pk,
            "by": row.name,
            "key": row.value,
            "value": value,
            "incident_count": row.count,
            "usual": round(row.expected, 1),
            "decided_by": named(row.decided_by_id, row.decided_by.name if row.decided_by else None),
            "problem": row.problem.reference if row.problem else None,
            **{name: getattr(row, name) for name in same},
        }
        for row, _label, value in decided.named(rows)
    ]


def asked_of(values: dict[str, Any]) -> Asked:
    """Take what names a burst out of a body. :raises Refused: the field has no such value."""
    dimension = DIMENSIONS[values.pop("by")]
    try:
        key = dimension.key(values.pop("key"))
    except ValueError:
        raise Refused.because("unknown", _("There is no such value. Take it from the list."), "key") from None
    return Asked(dimension, key, values.pop("first_at"), values.pop("latest_at"))


class BurstDoor(ApiView):
    """A door to what came at once."""

    def rows(self, request: Any) -> Any:
        return DecidedBurst.objects.visible_to(request.user).select_related(*RELATED)

    def made(self, request: Any, row: DecidedBurst) -> Any:
        (told,) = decisions([one_of(self.rows(request), row.pk)])
        return self.answer(told, status=201, location=f"/api/v1/bursts/decisions/{row.pk}/")


class Bursts(BurstDoor):
    """Bursts of the latest 90 days that no problem explains yet and that nobody dismissed."""

    operations = {"GET": "cluster.view"}

    @describe("List what came in at once", gives=BurstList)
    def get(self, request: Any) -> Any:
        found = look(request.user, at=now())
        return self.answer(
            {
                "first_at": found.first_at,
                "latest_at": found.latest_at,
                "incidents": found.incident_count,
                "items": [burst(each) for each in found.shown],
            }
        )


class BurstAcceptance(BurstDoor):
    """Making it a problem."""

    operations = {"POST": "cluster.decide"}

    @describe(
        "Make what came at once a problem",
        takes=BurstAcceptanceBody,
        gives=DecidedBurstShape,
        status=201,
        problems=[409],
        description="Its incidents, the newest 1,000 at most, are linked as caused by the problem.",
    )
    def post(self, request: Any) -> Any:
        values = BurstAcceptanceBody.read(request.data, by=request.user)
        made = operations.accept_burst(asked=asked_of(values), by=request.user, at=now(), **values)
        return self.made(request, made)


class BurstDismissal(BurstDoor):
    """Saying that no problem lies behind it."""

    operations = {"POST": "cluster.decide"}

    @describe(
        "Dismiss what came at once",
        takes=BurstDismissalBody,
        gives=DecidedBurstShape,
        status=201,
        problems=[409],
        description="It is not proposed again until it has doubled, by ten incidents at least.",
    )
    def post(self, request: Any) -> Any:
        values = BurstDismissalBody.read(request.data, by=request.user)
        made = operations.dismiss_burst(asked=asked_of(values), by=request.user, at=now(), **values)
        return self.made(request, made)


class DecidedBursts(BurstDoor):
    """What was decided."""

    operations = {"GET": "cluster.view"}

    @describe(
        "List decisions about what came at once", gives=listing_of(DecidedBurstShape), parameters=[DecidedBurstQuery]
    )  # fmt: skip
    def get(self, request: Any) -> Any:
        query = DecidedBurstQuery.of(request)
        found, following = page(
            self.rows(request).filter(state=query["state"]),
            request=request,
            sorts=SORTS,
            sort="-decided_at",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing(decisions(found), following))


class OneDecidedBurst(BurstDoor):
    """One decision."""

    operations = {"GET": "cluster.view"}

    @describe("Get a decision about what came at once", gives=DecidedBurstShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(decisions([one_of(self.rows(request), number)])[0])


class BurstReconsideration(BurstDoor):
    """Taking a dismissal back."""

    operations = {"POST": "cluster.decide"}

    @describe("Let it be proposed again", takes=Nothing, gives=DecidedBurstShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = one_of(self.rows(request), number)
        Nothing.read(request.data, by=request.user)
        operations.reconsider_burst(decided=found, by=request.user, at=now())
        return self.answer(decisions([one_of(self.rows(request), number)])[0])
