"""Addresses of dashboards in the REST API."""

from django.urls import path

from . import api

urlpatterns = [
    path("dashboards/", api.Dashboards.as_view()),
    path("dashboards/<int:number>/", api.OneDashboard.as_view()),
    path("dashboards/<int:number>/return/", api.DashboardReturn.as_view()),
    path("dashboards/<int:number>/tiles/", api.DashboardTiles.as_view()),
    path("dashboard-tiles/<int:number>/", api.OneTile.as_view()),
    path("dashboard-tiles/<int:number>/return/", api.TileReturn.as_view()),
]
