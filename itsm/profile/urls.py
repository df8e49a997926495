"""Addresses of the profile."""

from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:key>/revocation/", views.revocation, name="revocation"),
]
