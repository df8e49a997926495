"""Addresses of tables of measures in the REST API."""

from django.urls import path

from . import api

urlpatterns = [path("kpis/<str:name>/table/", api.KPITables.as_view())]
