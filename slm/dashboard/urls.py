"""Addresses of the SLA dashboard."""

from django.urls import path

from . import views, wall

app_name = "sla"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("breaches/", views.breaches, name="breaches"),
    path("wall/", wall.wall, name="wall"),
]
