"""Addresses of alerts and pins in the REST API."""

from django.urls import path

from . import api

urlpatterns = [
    path("kpi-alerts/", api.KPIAlerts.as_view()),
    path("kpi-alerts/<int:number>/", api.OneKPIAlert.as_view()),
    path("kpi-pins/", api.KPIPins.as_view()),
    path("kpi-pins/<int:number>/", api.OneKPIPin.as_view()),
]
