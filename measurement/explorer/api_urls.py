"""Addresses of the explorer in the REST API."""

from django.urls import path

from . import api

urlpatterns = [
    path("kpi-exports/", api.Exports.as_view()),
    path("kpi-exports/<int:number>/", api.OneExport.as_view()),
    path("kpi-exports/<int:number>/file/", api.ExportFile.as_view()),
    path("kpi-exports/<int:number>/stop/", api.ExportStop.as_view()),
    path("kpis/<str:name>/control-chart/", api.ControlCharts.as_view()),
]
