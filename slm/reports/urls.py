"""Addresses of service reports. Acts are nouns below the report."""

from django.urls import path

from .views import plans, reports

app_name = "reports"
urlpatterns = [
    path("", reports.reports, name="reports"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.new, name="new_plan"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/compilation/", plans.compilation, name="compile"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/file/", reports.paper, name="file"),
    path("<int:pk>/figures/<str:key>/", reports.figure, name="figure"),
    path("<int:pk>/compilation/", reports.compilation, name="compilation"),
    path("<int:pk>/review/", reports.review, name="review"),
    path("<int:pk>/issue/", reports.issue, name="issue"),
    path("<int:pk>/answer/", reports.answer, name="answer"),
    path("<int:pk>/correction/", reports.correction, name="correction"),
]
