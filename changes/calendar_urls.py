"""Addresses of the change calendar, of moving by it, and of its freezes and maintenance windows."""

from django.urls import path

from records import converters  # noqa: F401 - registers how references are written

from .views import calendar, moving, windows

app_name = "change_calendar"
urlpatterns = [
    path("", calendar.calendar, name="calendar"),
    path("<reference:number>/move/", moving.Moving.as_view(), name="move"),
    path("<reference:number>/move/undo/", moving.undo, name="undo"),
    path("windows/", windows.window_list, name="windows"),
    path("windows/new/", windows.NewWindow.as_view(), name="new_window"),
    path("windows/<int:key>/", windows.OneWindow.as_view(), name="window"),
    path("windows/<int:key>/retirement/", windows.retirement, name="retirement"),
    path("windows/<int:key>/reinstatement/", windows.reinstatement, name="reinstatement"),
]
