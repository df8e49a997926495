"""Groups of similar incidents: read them, look at their evidence, decide about them."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Named, Nothing, Strict, Text, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.time import now
from records.models import Record

from .. import operations, tasks
from ..enums import ClusterState, Trend
from ..models import Cluster, ClusterMember

RELATED = ("service", "category", "item", "problem", "decided_by")
SORTS = {
    "-lost_minutes": Sort("lost_minutes", is_descending=True),
    "-incident_count": Sort("member_count", is_descending=True),
    "-latest_at": Sort("latest_at", is_descending=True, is_moment=True),
}


class ClusterShape(Answer):
    """Similar incidents of one service, category and item that no problem explains yet."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ClusterState.choices)
    subject = serializers.CharField(allow_blank=True, help_text="Blank: only the coded fields are the same.")
    service = Named(allow_null=True)
    category = Named(allow_null=True)
    item = Named(allow_null=True)
    incident_count = serializers.IntegerField(help_text="Of the days looked at, without those a problem explains.")
    lost_minutes = serializers.IntegerField(help_text="People affected × minutes, added up.")
    likeness = serializers.IntegerField(help_text="Percent, mean over the incidents.")
    trend = serializers.ChoiceField(choices=Trend.choices)
    earlier_count = serializers.IntegerField(help_text="In the earlier half of the days.")
    later_count = serializers.IntegerField(help_text="In the later half of the days.")
    first_at = serializers.DateTimeField()
    latest_at = serializers.DateTimeField()
    counted_from = serializers.DateTimeField()
    counted_at = serializers.DateTimeField()
    decided_by = Named(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why it was dismissed.")
    returned_at = serializers.DateTimeField(allow_null=True, help_text="When it was proposed again.")
    problem = serializers.CharField(allow_null=True, help_text="Reference of the problem opened from it.")


class ClusterMemberShape(Answer):
    """An incident of a group."""

    reference = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField()
    likeness = serializers.IntegerField(help_text="Percent; 100 is the same wording.")


class ClusterAcceptanceShape(Answer):
    """What was opened."""

    problem = serializers.CharField(help_text="Its reference.")
    cluster = ClusterShape()


class ClusterAcceptanceBody(Strict):
    """How the problem is called."""

    title = Text(max_length=200, required=False, help_text="The typical subject when left out.")


class ClusterDismissalBody(Strict):
    """Why no problem lies behind the group."""

    reason = Text(max_length=operations.LONGEST_REASON)


class ClusterQuery(PageQuery):
    """Which groups."""

    state = serializers.ChoiceField(choices=ClusterState.choices, default=ClusterState.PROPOSED.value)
    sort = serializers.ChoiceField(choices=list(SORTS), default="-lost_minutes")


def cluster(row: Cluster) -> dict[str, Any]:
    """The dictionary of a `ClusterShape`. :param row: read with `RELATED`."""
    same = (
        "state", "subject", "lost_minutes", "likeness", "earlier_count", "later_count", "first_at", "latest_at",
        "counted_from", "counted_at", "decided_at", "reason", "returned_at",
    )  # fmt: skip
    places = ("service", "category", "item", "decided_by")
    return {
        "id": row.pk,
        "incident_count": row.member_count,
        "trend": row.trend.value,
        "problem": row.problem.reference if row.problem else None,
        **{name: getattr(row, name) for name in same},
        **{name: named(getattr(row, f"{name}_id"), str(getattr(row, name))) for name in places},
    }


class ClusterDoor(ApiView):
    """A door to one group."""

    def rows(self, request: Any) -> Any:
        return Cluster.objects.visible_to(request.user).select_related(*RELATED)

    def cluster(self, request: Any, number: int) -> Cluster:
        found: Cluster = one_of(self.rows(request), number)
        return found

    def shown(self, request: Any, number: int) -> Any:
        return self.answer(cluster(self.cluster(request, number)))


class Clusters(ClusterDoor):
    """Groups of similar incidents."""

    operations = {"GET": "cluster.view"}

    @describe("List groups of similar incidents", gives=listing_of(ClusterShape), parameters=[ClusterQuery])
    def get(self, request: Any) -> Any:
        query = ClusterQuery.of(request)
        found, following = page(
            self.rows(request).filter(state=query["state"]),
            request=request,
            sorts=SORTS,
            sort=query["sort"],
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([cluster(row) for row in found], following))


class OneCluster(ClusterDoor):
    """One group."""

    operations = {"GET": "cluster.view"}

    @describe("Get a group of similar incidents", gives=ClusterShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(request, number)


class ClusterIncidents(ClusterDoor):
    """The evidence for a group."""

    operations = {"GET": "cluster.view"}

    @describe(
        "List the incidents of a group", gives=listing_of(ClusterMemberShape), problems=[404], parameters=[PageQuery]
    )  # fmt: skip
    def get(self, request: Any, number: int) -> Any:
        query = PageQuery.of(request)
        seen = Record.objects.visible_to(request.user)
        members = ClusterMember.objects.filter(cluster=self.cluster(request, number), record__in=seen)
        found, following = page(
            members.select_related("record"),
            request=request,
            sorts={"-record": Sort("record_id", is_descending=True)},
            sort="-record",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([_member(each) for each in found], following))


def _member(row: ClusterMember) -> dict[str, Any]:
    record = row.record
    return {
        "reference": record.reference,
        "title": record.title,
        "state": record.state,
        "opened_at": record.opened_at,
        "likeness": row.likeness,
    }


class LookShape(Answer):
    """Whether a worker took the wish."""

    is_asked = serializers.BooleanField(help_text="False: no worker could be told; the incidents are read every night.")


class ClusterLook(ApiView):
    """Looking through the incidents before the night."""

    operations = {"POST": "cluster.decide"}

    @describe("Have a worker look for groups now", takes=Nothing, gives=LookShape, status=202)
    def post(self, request: Any) -> Any:
        Nothing.read(request.data, by=request.user)
        return self.answer({"is_asked": tasks.ask_for_a_look()}, status=202)


class ClusterAcceptance(ClusterDoor):
    """Opening a group as a problem."""

    operations = {"POST": "cluster.decide"}

    @describe(
        "Open a problem from a group",
        takes=ClusterAcceptanceBody,
        gives=ClusterAcceptanceShape,
        status=201,
        problems=[404, 409],
        description="Its incidents, the newest 1,000 at most, are linked as caused by the problem.",
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.cluster(request, number)
        values = ClusterAcceptanceBody.read(request.data, by=request.user)
        problem = operations.accept(cluster=found, by=request.user, at=now(), **values)
        shown = cluster(self.cluster(request, number))
        location = f"/api/v1/problems/{problem.reference}/"
        return self.answer({"problem": problem.reference, "cluster": shown}, status=201, location=location)


class ClusterExtension(ClusterDoor):
    """Linking what came since."""

    operations = {"POST": "cluster.decide"}

    @describe(
        "Link newer incidents of a group with its problem", takes=Nothing, gives=ClusterShape, problems=[404, 409]
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        found = self.cluster(request, number)
        Nothing.read(request.data, by=request.user)
        operations.link_newer(cluster=found, by=request.user, at=now())
        return self.shown(request, number)


class ClusterDismissal(ClusterDoor):
    """Saying that no problem lies behind a group."""

    operations = {"POST": "cluster.decide"}

    @describe(
        "Dismiss a group",
        takes=ClusterDismissalBody,
        gives=ClusterShape,
        problems=[404, 409],
        description="It is not proposed again until it has doubled, by ten incidents at least.",
        examples=[("One user's trouble", {"reason": "All from one router at home"})],
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.cluster(request, number)
        values = ClusterDismissalBody.read(request.data, by=request.user)
        operations.dismiss(cluster=found, by=request.user, at=now(), **values)
        return self.shown(request, number)


class ClusterReconsideration(ClusterDoor):
    """Taking a dismissal back."""

    operations = {"POST": "cluster.decide"}

    @describe("Propose a dismissed group again", takes=Nothing, gives=ClusterShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.cluster(request, number)
        Nothing.read(request.data, by=request.user)
        operations.reconsider(cluster=found, by=request.user, at=now())
        return self.shown(request, number)
