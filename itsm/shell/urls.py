"""Addresses of the shell."""

from django.urls import path

from . import views

app_name = "shell"
urlpatterns = [
    path("appearance/", views.appearance, name="appearance"),
    path("gallery/", views.gallery, name="gallery"),
]
