"""Addresses of the SLA dashboard."""

from django.urls import path

from ..walls import views as walls
from . import views, wall

app_name = "sla"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("breaches/", views.breaches, name="breaches"),
    path("agreements/", views.agreements, name="by_agreement"),
    path("subscription/", views.subscription, name="subscription"),
    path("wall/", wall.wall, name="wall"),
    path("wall/links/", walls.links, name="wall_links"),
    path("wall/links/<int:pk>/revocation/", walls.revocation, name="wall_revocation"),
]
