"""Addresses of tables of measures in the REST API."""

from django.urls import path

from . import api

urlpatterns = [
    path("kpi-tables/", api.SavedKPITables.as_view()),
    path("kpi-tables/<int:number>/", api.OneSavedKPITable.as_view()),
    path("kpi-tables/<int:number>/return/", api.SavedKPITableReturn.as_view()),
    path("kpis/<str:name>/table/", api.KPITables.as_view()),
]
