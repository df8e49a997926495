"""Addresses of incidents in the API."""

from django.urls import path

from slm.api.clocks import Clocks
from slm.api.dating import Report, Restoration
from slm.api.explanations import ClockExplanation

from .views import INCIDENTS, IncidentRecurrence, IncidentTaking

urlpatterns = INCIDENTS.addresses(
    path("<str:reference>/taking/", IncidentTaking.as_view()),
    path("<str:reference>/recurrence/", IncidentRecurrence.as_view()),
    path("<str:reference>/report/", Report.as_view(kind="incident")),
    path("<str:reference>/restoration/", Restoration.as_view(kind="incident")),
    path("<str:reference>/clocks/", Clocks.as_view(kind="incident")),
    path("<str:reference>/clocks/<int:number>/explanation/", ClockExplanation.as_view(kind="incident")),
)
