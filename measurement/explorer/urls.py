"""Addresses of files of measures."""

from django.urls import path

from . import views

app_name = "explorer"
urlpatterns = [
    path("", views.exports, name="exports"),
    path("<int:pk>/", views.export, name="export"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/removal/", views.removal, name="removal"),
]
