"""Addresses of service reports on the customer's side."""

from django.urls import path

from .views import portal

app_name = "portal_reports"
urlpatterns = [
    path("reports/", portal.reports, name="reports"),
    path("reports/<int:pk>/", portal.report, name="report"),
    path("reports/<int:pk>/file/", portal.paper, name="file"),
    path("reports/<int:pk>/figures/<str:key>/", portal.figure, name="figure"),
    path("reports/<int:pk>/actions/<int:key>/completion/", portal.completion, name="action_done"),
    path("reports/<int:pk>/acceptance/", portal.acceptance, name="acceptance"),
    path("reports/<int:pk>/dispute/", portal.dispute, name="dispute"),
]
