"""Addresses of the sign-in itself."""

from django.urls import path

from . import views

app_name = "sessions"
urlpatterns = [
    path("", views.session, name="session"),
    path("back/", views.back, name="back"),
]
