"""Addresses of incidents in the API."""

from django.urls import path

from records.api.moves import move_views
from records.api.urls import nested
from slm.api.clocks import Clocks
from slm.api.explanations import ClockExplanation

from .representation import IncidentShape, incident
from .views import IncidentLevels, IncidentPriority, Incidents, IncidentTaking, OneIncident

urlpatterns = [
    path("", Incidents.as_view()),
    path("<str:reference>/", OneIncident.as_view()),
    path("<str:reference>/priority/", IncidentPriority.as_view()),
    path("<str:reference>/levels/", IncidentLevels.as_view()),
    path("<str:reference>/taking/", IncidentTaking.as_view()),
    *[path(f"<str:reference>/{noun}/", view) for noun, view in move_views("incident", incident, IncidentShape).items()],
    path("<str:reference>/clocks/", Clocks.as_view(kind="incident")),
    path("<str:reference>/clocks/<int:number>/explanation/", ClockExplanation.as_view(kind="incident")),
    *nested("incident"),
]
