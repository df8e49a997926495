"""Addresses of dashboards. Acts are nouns below them."""

from django.urls import path

from . import tile_views, views

app_name = "dashboards"
urlpatterns = [
    path("", views.dashboards, name="dashboards"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.dashboard, name="dashboard"),
    path("<int:pk>/wall/", views.wall, name="wall"),
    path("<int:pk>/settings/", views.settings, name="settings"),
    path("<int:pk>/removal/", views.removal, name="removal"),
    path("<int:pk>/return/", views.taking_back, name="return"),
    path("<int:pk>/tiles/new/", tile_views.new, name="new_tile"),
    path("<int:pk>/tiles/<int:tile>/", tile_views.tile, name="tile"),
    path("<int:pk>/tiles/<int:tile>/place/", tile_views.place, name="place"),
    path("<int:pk>/tiles/<int:tile>/removal/", tile_views.removal, name="tile_removal"),
    path("<int:pk>/tiles/<int:tile>/return/", tile_views.taking_back, name="tile_return"),
]
