"""Addresses of availability and outages. Acts are nouns below the outage."""

from django.urls import path

from records import converters  # noqa: F401 - <reference:…> in addresses

from .views import outages, services
from .views.beside import beside

app_name = "availability"
urlpatterns = [
    path("", services.overview, name="overview"),
    path("services/<slug:slug>/", services.service, name="service"),
    path("services/<slug:slug>/redundancies/", services.grouping, name="grouping"),
    path("services/<slug:slug>/redundancies/<int:key>/removal/", services.ungrouping, name="ungrouping"),
    path("outages/", outages.outages, name="outages"),
    path("outages/new/", outages.new, name="new"),
    path("outages/<int:pk>/", outages.outage, name="outage"),
    path("outages/<int:pk>/correction/", outages.correction, name="correction"),
    path("outages/<int:pk>/end/", outages.end, name="end"),
    path("outages/<int:pk>/confirmation/", outages.confirmation, name="confirmation"),
    path("outages/<int:pk>/dismissal/", outages.dismissal, name="dismissal"),
    path("outages/<int:pk>/withdrawal/", outages.withdrawal, name="withdrawal"),
    path("beside/<reference:number>/", beside, name="beside"),
]
