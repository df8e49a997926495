"""Reports over REST: for the provider's people, and for customers their own issued ones."""

from typing import Any

from django.http import FileResponse, Http404

from common import months
from common.api.describing import IF_MATCH, describe
from common.api.fields import Nothing
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now

from .. import operations
from ..keeping import path_of
from ..models import ServiceReport
from .shapes import (
    FigureQuery,
    FigureRowsShape,
    OneReportShape,
    ReportAnswer,
    ReportComment,
    ReportCorrection,
    ReportQuery,
    ReportShape,
    ReportSummary,
    one_report,
    report,
)

NEWEST = {"-id": Sort("pk", is_descending=True)}
RELATED = ("organization", "issued_by", "plan", "file")


class ReportDoor(ApiView):
    """A door to one report."""

    def rows(self, request: Any) -> Any:
        return ServiceReport.objects.visible_to(request.user).select_related(*RELATED)

    def found(self, request: Any, number: int) -> ServiceReport:
        found: ServiceReport = one_of(self.rows(request), number)
        return found

    def shown(self, request: Any, number: int, *, status: int = 200, location: str = "") -> Any:
        row = self.found(request, number)
        return self.answer(one_report(row), status=status, version=row.version, location=location)

    def listed(self, request: Any, rows: Any, query: dict[str, Any]) -> Any:
        rows = rows.defer("document", "summary")
        found, following = page(
            rows, request=request, sorts=NEWEST, sort="-id", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([report(row) for row in found], following))

    def rows_behind(self, request: Any, number: int) -> Any:
        query = FigureQuery.of(request)
        evidence = self.found(request, number).evidence.filter(key=query["key"]).first()
        if evidence is None:
            raise Http404
        return self.answer({"key": evidence.key, "kind": evidence.kind, "ids": evidence.ids})

    def paper(self, request: Any, number: int) -> Any:
        file = getattr(self.found(request, number), "file", None)
        if file is None or not file.is_made or not path_of(file).exists():
            raise Http404
        return FileResponse(
            path_of(file).open("rb"), as_attachment=True, filename=file.name, content_type="application/pdf"
        )


class Reports(ReportDoor):
    """Reports."""

    operations = {"GET": "report.view"}

    @describe("List service reports", gives=listing_of(ReportShape), parameters=[ReportQuery])
    def get(self, request: Any) -> Any:
        query = ReportQuery.of(request)
        rows = self.rows(request)
        if "organization" in query:
            rows = rows.filter(organization=query["organization"])
        if "state" in query:
            rows = rows.filter(state=query["state"])
        if "month" in query:
            rows = rows.filter(first_day=months.read(query["month"]))
        return self.listed(request, rows, query)


class OneReport(ReportDoor):
    """One report."""

    operations = {"GET": "report.view"}

    @describe("Get a service report with its figures", gives=OneReportShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(request, number)


class ReportFigure(ReportDoor):
    """What a figure counts."""

    operations = {"GET": "report.view"}

    @describe("Get the rows behind a figure", gives=FigureRowsShape, problems=[404], parameters=[FigureQuery])
    def get(self, request: Any, number: int) -> Any:
        return self.rows_behind(request, number)


class ReportPaper(ReportDoor):
    """The file of a report."""

    operations = {"GET": "report.view"}

    @describe("Get the PDF of an issued report", problems=[404], content="application/pdf")
    def get(self, request: Any, number: int) -> Any:
        return self.paper(request, number)


class ReportCompilation(ReportDoor):
    """Counting anew."""

    operations = {"POST": "report.prepare"}

    @describe(
        "Count a report anew", takes=Nothing, gives=OneReportShape, problems=[404, 409, 412], parameters=[IF_MATCH]
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        Nothing.read(request.data, by=request.user)
        operations.compile_again(
            report=found, by=request.user, at=now(), version=seen_version(request, is_required=False)
        )
        return self.shown(request, number)


class ReportReview(ReportDoor):
    """Reviewing."""

    operations = {"POST": "report.prepare"}

    @describe(
        "Review a report", takes=ReportSummary, gives=OneReportShape, problems=[404, 409, 412], parameters=[IF_MATCH]
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        values = ReportSummary.read(request.data, by=request.user)
        operations.review(
            report=found, by=request.user, at=now(), version=seen_version(request, is_required=False), **values
        )
        return self.shown(request, number)


class ReportIssue(ReportDoor):
    """Issuing."""

    operations = {"POST": "report.issue"}

    @describe(
        "Issue a reviewed report",
        takes=Nothing,
        gives=OneReportShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
        description="Freezes the figures. The file is made and mailed to the receivers by a worker.",
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        Nothing.read(request.data, by=request.user)
        operations.issue(report=found, by=request.user, at=now(), version=seen_version(request, is_required=False))
        return self.shown(request, number)


class ReportReply(ReportDoor):
    """Answering a dispute."""

    operations = {"POST": "report.issue"}

    @describe("Answer a dispute", takes=ReportAnswer, gives=OneReportShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        values = ReportAnswer.read(request.data, by=request.user)
        operations.answer(report=found, by=request.user, at=now(), **values)
        return self.shown(request, number)


class ReportEdition(ReportDoor):
    """Correcting."""

    operations = {"POST": "report.issue"}

    @describe(
        "Begin a corrected edition", takes=ReportCorrection, gives=OneReportShape, status=201, problems=[404, 409]
    )
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        values = ReportCorrection.read(request.data, by=request.user)
        made = operations.correct(report=found, by=request.user, at=now(), **values)
        return self.shown(request, made.pk, status=201, location=f"/api/v1/reports/{made.pk}/")


class OwnReportDoor(ReportDoor):
    """A door to an issued report of one's own organization."""

    def rows(self, request: Any) -> Any:
        return ServiceReport.objects.open_to_customer(request.user).select_related(*RELATED)


class OwnReports(OwnReportDoor):
    """Issued reports of one's organization."""

    operations = {"GET": "report.read"}

    @describe("List the issued reports of your organization", gives=listing_of(ReportShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        return self.listed(request, self.rows(request), PageQuery.of(request))


class OneOwnReport(OwnReportDoor):
    """One of them."""

    operations = {"GET": "report.read"}

    @describe("Get an issued report of your organization", gives=OneReportShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(request, number)


class OwnReportPaper(OwnReportDoor):
    """Its file."""

    operations = {"GET": "report.read"}

    @describe("Get the PDF of an issued report of your organization", problems=[404], content="application/pdf")
    def get(self, request: Any, number: int) -> Any:
        return self.paper(request, number)


class OwnReportAcceptance(OwnReportDoor):
    """Accepting."""

    operations = {"POST": "report.answer"}

    @describe("Accept a report", takes=ReportComment, gives=OneReportShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        values = ReportComment.read(request.data, by=request.user)
        operations.accept(report=found, by=request.user, at=now(), **values)
        return self.shown(request, number)


class OwnReportDispute(OwnReportDoor):
    """Disputing."""

    operations = {"POST": "report.answer"}

    @describe("Dispute a report", takes=ReportComment, gives=OneReportShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        values = {"comment": ""} | ReportComment.read(request.data, by=request.user)
        operations.dispute(report=found, by=request.user, at=now(), **values)
        return self.shown(request, number)
