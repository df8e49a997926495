"""Addresses of scheduled reports."""

from django.urls import path

from . import views

app_name = "schedules"
urlpatterns = [
    path("", views.schedules, name="schedules"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.schedule, name="schedule"),
    path("<int:pk>/settings/", views.settings, name="settings"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resumption/", views.resumption, name="resume"),
    path("<int:pk>/owner/", views.owner, name="owner"),
    path("<int:pk>/leaving/", views.leaving, name="leaving"),
    path("<int:pk>/removal/", views.removal, name="removal"),
]
