"""Addresses of service reports. Acts are nouns below the report."""

from django.urls import path

from .views import credits, meeting, plans, record, reports

app_name = "reports"
urlpatterns = [
    path("", reports.reports, name="reports"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.new, name="new_plan"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/compilation/", plans.compilation, name="compile"),
    path("credits/", credits.agreements, name="credits"),
    path("credits/<slug:slug>/", credits.terms, name="credit_terms"),
    path("credits/<slug:slug>/removal/", credits.removal, name="credits_removal"),
    path("agreements/<slug:slug>/", record.of_agreement, name="of_agreement"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/file/", reports.paper, name="file"),
    path("<int:pk>/figures/<str:key>/", reports.figure, name="figure"),
    path("<int:pk>/compilation/", reports.compilation, name="compilation"),
    path("<int:pk>/review/", reports.review, name="review"),
    path("<int:pk>/issue/", reports.issue, name="issue"),
    path("<int:pk>/answer/", reports.answer, name="answer"),
    path("<int:pk>/correction/", reports.correction, name="correction"),
    path("<int:pk>/meeting/", meeting.meeting, name="meeting"),
    path("<int:pk>/meeting/minutes/", meeting.minutes, name="minutes"),
    path("<int:pk>/meeting/topics/", meeting.topic, name="topic"),
    path("<int:pk>/meeting/actions/", meeting.action, name="action"),
    path("<int:pk>/meeting/actions/<int:key>/completion/", meeting.completion, name="action_done"),
    path("<int:pk>/meeting/actions/<int:key>/registration/", meeting.registration, name="action_registered"),
    path("<int:pk>/meeting/closure/", meeting.closure, name="meeting_closure"),
]
