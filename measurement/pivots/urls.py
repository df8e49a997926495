"""Addresses of tables of measures."""

from django.urls import path

from . import views

app_name = "pivots"
urlpatterns = [
    path("", views.tables, name="tables"),
    path("build/", views.build, name="build"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.table, name="table"),
    path("<int:pk>/settings/", views.settings, name="settings"),
    path("<int:pk>/removal/", views.removal, name="removal"),
    path("<int:pk>/return/", views.taking_back, name="return"),
]
