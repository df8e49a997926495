"""Addresses of incidents. Acts are nouns below the ticket; the last line takes the noun of any move."""

from django.urls import path

from records import converters  # noqa: F401 - registers <reference:…>
from records.views.moves import MoveDoor

from .models import Incident
from .views import fields, new, ticket

app_name = "incidents"
urlpatterns = [
    path("new/", new.NewTicket.as_view(), name="new"),
    path("new/callers/", new.callers, name="callers"),
    path("new/preview/", new.preview, name="preview"),
    path("new/draft/", new.draft, name="new_draft"),
    path("incidents/<reference:number>/", ticket.ticket, name="ticket"),
    path("incidents/<reference:number>/news/", ticket.news, name="news"),
    path("incidents/<reference:number>/similar/", ticket.similar, name="similar"),
    path("incidents/<reference:number>/fields/<slug:name>/", fields.Field.as_view(), name="field"),
    path("incidents/<reference:number>/priority/", fields.Priority.as_view(), name="priority"),
    path("incidents/<reference:number>/taking/", fields.taking, name="taking"),
    path("incidents/<reference:number>/edits/<int:key>/undo/", fields.undo, name="undo"),
    path("incidents/<reference:number>/<slug:noun>/", MoveDoor.as_view(model=Incident), name="move"),
]
