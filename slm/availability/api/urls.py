"""Addresses of availability and outages in the API."""

from django.urls import path

from .outages import (
    OneOutage,
    OutageConfirmation,
    OutageDismissal,
    OutageEnding,
    Outages,
    OutageWithdrawal,
)
from .services import Availabilities, OneAvailability

urlpatterns = [
    path("availability/", Availabilities.as_view()),
    path("availability/<int:number>/", OneAvailability.as_view()),
    path("outages/", Outages.as_view()),
    path("outages/<int:number>/", OneOutage.as_view()),
    path("outages/<int:number>/end/", OutageEnding.as_view()),
    path("outages/<int:number>/confirmation/", OutageConfirmation.as_view()),
    path("outages/<int:number>/dismissal/", OutageDismissal.as_view()),
    path("outages/<int:number>/withdrawal/", OutageWithdrawal.as_view()),
]
