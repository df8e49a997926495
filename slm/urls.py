"""Addresses of agreements and clocks."""

from django.urls import path

from . import views, warning_views

app_name = "slm"
urlpatterns = [
    path("clocks/<int:pk>/", views.explanation, name="explanation"),
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/new/", views.new, name="new_agreement"),
    path("agreements/<slug:slug>/", views.agreement, name="agreement"),
    path("agreements/<slug:slug>/warnings/", warning_views.warnings, name="warnings"),
    path("agreements/<slug:slug>/retirement/", views.retirement, name="retirement"),
    path("agreements/<slug:slug>/reinstatement/", views.reinstatement, name="reinstatement"),
]
