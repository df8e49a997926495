"""Addresses of meetings. Acts are nouns below the meeting, and below its items."""

from django.urls import path

from .views import acts, items, landing, meeting, minutes

app_name = "board"
ITEM = "<slug:key>/items/<int:item>/"
urlpatterns = [
    path("", landing.landing, name="landing"),
    path("new/", landing.new, name="new"),
    path("<slug:key>/", meeting.meeting, name="meeting"),
    path("<slug:key>/minutes/", minutes.paper, name="minutes"),
    path("<slug:key>/plan/", acts.plan, name="plan"),
    path("<slug:key>/agenda/", acts.agenda, name="agenda"),
    path("<slug:key>/topics/", acts.topics, name="topics"),
    path("<slug:key>/guests/", acts.guests, name="guests"),
    path("<slug:key>/guests/<int:attendee>/removal/", acts.guest_removal, name="guest_removal"),
    path("<slug:key>/cancellation/", acts.cancellation, name="cancellation"),
    path("<slug:key>/beginning/", acts.beginning, name="beginning"),
    path("<slug:key>/attendance/", acts.attendance, name="attendance"),
    path("<slug:key>/remarks/", acts.remarks, name="remarks"),
    path("<slug:key>/closure/", acts.closure, name="closure"),
    path("<slug:key>/corrections/", acts.corrections, name="corrections"),
    path("<slug:key>/actions/", items.actions, name="actions"),
    path("<slug:key>/actions/<int:action>/completion/", items.action_end, name="action_end"),
    path(f"{ITEM}votes/", items.votes, name="votes"),
    path(f"{ITEM}votes/<int:seat>/", items.vote, name="vote"),
    path(f"{ITEM}deferral/", items.deferral, name="deferral"),
    path(f"{ITEM}text/", items.text, name="text"),
    path(f"{ITEM}place/", items.place, name="place"),
    path(f"{ITEM}removal/", items.removal, name="removal"),
]
