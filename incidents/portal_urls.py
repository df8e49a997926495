"""Addresses of the requester's view."""

from django.urls import path

from records import converters  # noqa: F401 - registers <reference:…>

from .views import portal

app_name = "portal"
urlpatterns = [
    path("", portal.home, name="home"),
    path("new/", portal.Report.as_view(), name="new"),
    path("requests/<reference:number>/", portal.ticket, name="ticket"),
    path("requests/<reference:number>/confirmation/", portal.confirmation, name="confirmation"),
    path("requests/<reference:number>/reopening/", portal.reopening, name="reopening"),
    path("requests/<reference:number>/recurrence/", portal.recurrence, name="recurrence"),
]
