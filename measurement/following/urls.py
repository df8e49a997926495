"""Addresses of alerts and pins."""

from django.urls import path

from . import views

app_name = "kpi_following"
urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/new/", views.new_alert, name="new_alert"),
    path("alerts/<int:pk>/removal/", views.alert_removal, name="alert_removal"),
    path("pins/", views.pins, name="pins"),
    path("pins/<int:pk>/removal/", views.pin_removal, name="pin_removal"),
]
