"""Addresses of services in the portal."""

from django.urls import path

from .views import calls, portal

app_name = "portal_services"
urlpatterns = [
    path("services/", portal.catalog, name="catalog"),
    path("services/<slug:slug>/", portal.service, name="service"),
    path("calls/", calls.answers, name="answers"),
]
