"""Addresses of service reports in the API."""

from django.urls import path

from . import meetings, plans, reports
from .credits import AgreementCredits

ONE, OWN = "reports/<int:number>/", "own-reports/<int:number>/"
urlpatterns = [
    path("report-plans/", plans.ReportPlans.as_view()),
    path("report-plans/<int:number>/", plans.OneReportPlan.as_view()),
    path("report-plans/<int:number>/reports/", plans.PlannedReports.as_view()),
    path("reports/", reports.Reports.as_view()),
    path(ONE, reports.OneReport.as_view()),
    path(f"{ONE}rows/", reports.ReportFigure.as_view()),
    path(f"{ONE}file/", reports.ReportPaper.as_view()),
    path(f"{ONE}compilation/", reports.ReportCompilation.as_view()),
    path(f"{ONE}review/", reports.ReportReview.as_view()),
    path(f"{ONE}issue/", reports.ReportIssue.as_view()),
    path(f"{ONE}answer/", reports.ReportReply.as_view()),
    path(f"{ONE}correction/", reports.ReportEdition.as_view()),
    path(f"{ONE}meeting/", meetings.Review.as_view()),
    path(f"{ONE}meeting/topics/", meetings.ReviewTopics.as_view()),
    path(f"{ONE}meeting/minutes/", meetings.ReviewMinutesDoor.as_view()),
    path(f"{ONE}meeting/actions/", meetings.ReviewActions.as_view()),
    path(f"{ONE}meeting/actions/<int:key>/registration/", meetings.ReviewActionRegistration.as_view()),
    path(f"{ONE}meeting/actions/<int:key>/completion/", meetings.ReviewActionCompletion.as_view()),
    path(f"{ONE}meeting/closure/", meetings.ReviewClosure.as_view()),
    path("own-reports/", reports.OwnReports.as_view()),
    path(OWN, reports.OneOwnReport.as_view()),
    path(f"{OWN}minutes/", meetings.OwnMinutes.as_view()),
    path(f"{OWN}actions/<int:key>/completion/", meetings.OwnActionCompletion.as_view()),
    path(f"{OWN}file/", reports.OwnReportPaper.as_view()),
    path(f"{OWN}acceptance/", reports.OwnReportAcceptance.as_view()),
    path(f"{OWN}dispute/", reports.OwnReportDispute.as_view()),
    path("agreements/<int:number>/credits/", AgreementCredits.as_view()),
]
