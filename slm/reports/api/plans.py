"""Report plans over REST."""

from typing import Any

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import etag, seen_version
from common.api.views import ApiView, one_of
from common.problems import STALE, Problem
from common.refusals import Stale
from common.time import now
from records.api.idempotency import once

from .. import operations
from ..models import ReportPlan
from .shapes import NewReportPlan, OneReportShape, ReportMonth, ReportPlanChange, ReportPlanShape, one_report, plan

NEWEST = {"-id": Sort("pk", is_descending=True)}


class PlanDoor(ApiView):
    """A door to plans."""

    def rows(self, request: Any) -> Any:
        rows = ReportPlan.objects.visible_to(request.user).select_related("organization", "owner")
        return rows.prefetch_related("receivers")

    def found(self, request: Any, number: int) -> ReportPlan:
        found: ReportPlan = one_of(self.rows(request), number)
        return found

    def shown(self, request: Any, number: int, *, status: int = 200, location: str = "") -> Any:
        row = self.found(request, number)
        return self.answer(plan(row), status=status, version=row.version, location=location)


class ReportPlans(PlanDoor):
    """Plans."""

    operations = {"GET": "report.view", "POST": "report.prepare"}

    @describe("List report plans", gives=listing_of(ReportPlanShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        found, following = page(
            self.rows(request), request=request, sorts=NEWEST, sort="-id", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([plan(row) for row in found], following))

    @describe(
        "Plan a monthly report for a customer",
        takes=NewReportPlan,
        gives=ReportPlanShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            ("From October on", {"organization": "acme", "zone": "Europe/Oslo", "first_month": "2026-10-01"}),
        ],
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = NewReportPlan.read(request.data, by=request.user)
        values["first_month"] = values["first_month"].replace(day=1)

        def act() -> Any:
            made = operations.create_plan(by=request.user, at=at, **values)
            return self.shown(request, made.pk, status=201, location=f"{request.path}{made.pk}/")

        return once(request, at=at, act=act)


class OneReportPlan(PlanDoor):
    """One plan."""

    operations = {"GET": "report.view", "PATCH": "report.prepare"}

    @describe("Get a report plan", gives=ReportPlanShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(request, number)

    @describe(
        "Change a report plan",
        takes=ReportPlanChange,
        gives=ReportPlanShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description="Reports that were made keep what they say. If-Match is required.",
    )
    def patch(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        version = seen_version(request, is_required=True)
        values = ReportPlanChange.read(request.data, by=request.user)
        if "first_month" in values:
            values["first_month"] = values["first_month"].replace(day=1)
        try:
            operations.revise_plan(plan=found, by=request.user, at=now(), version=version, **values)
        except Stale as stale:
            fresh = self.found(request, number)
            raise Problem(STALE, str(stale), headers={"ETag": etag(fresh.version)}, current=plan(fresh)) from stale
        return self.shown(request, number)


class PlannedReports(PlanDoor):
    """Compiling a month."""

    operations = {"POST": "report.prepare"}

    @describe(
        "Compile the report of a month that is over",
        takes=ReportMonth,
        gives=OneReportShape,
        status=201,
        problems=[404, 409],
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        values = ReportMonth.read(request.data, by=request.user)
        made = operations.compile_report(
            plan=found, first_day=values["month"].replace(day=1), by=request.user, at=now()
        )
        return self.answer(one_report(made), status=201, version=made.version, location=f"/api/v1/reports/{made.pk}/")
