"""Addresses of meetings of boards in the API."""

from django.urls import path

from . import items, meetings

ONE = "cab-meetings/<str:key>/"
ITEM = f"{ONE}items/<int:number>/"
urlpatterns = [
    path("cab-meetings/", meetings.Meetings.as_view()),
    path(ONE, meetings.OneMeeting.as_view()),
    path(f"{ONE}agenda/", meetings.Gathering.as_view()),
    path(f"{ONE}guests/", meetings.Guests.as_view()),
    path(f"{ONE}cancellation/", meetings.MeetingCancellation.as_view()),
    path(f"{ONE}beginning/", meetings.Beginning.as_view()),
    path(f"{ONE}attendance/", meetings.Attending.as_view()),
    path(f"{ONE}closure/", meetings.Closure.as_view()),
    path(f"{ONE}corrections/", meetings.Corrections.as_view()),
    path(f"{ONE}items/", items.AgendaTopics.as_view()),
    path(ITEM, items.OneAgendaItem.as_view()),
    path(f"{ITEM}votes/", items.RoomVotes.as_view()),
    path(f"{ITEM}deferral/", items.BoardDeferral.as_view()),
    path(f"{ONE}actions/", items.BoardActions.as_view()),
    path(f"{ONE}actions/<int:number>/completion/", items.BoardActionEnd.as_view()),
]
