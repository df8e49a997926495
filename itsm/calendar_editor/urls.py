from django.urls import path

from . import views

app_name = "calendars"
urlpatterns = [
    path("", views.calendar_list, name="list"),
    path("new/", views.new_calendar, name="new"),
    path("<slug:slug>/", views.calendar, name="calendar"),
    path("<slug:slug>/hours/", views.hours, name="hours"),
    path("<slug:slug>/simulation/", views.simulation, name="simulation"),
    path("<slug:slug>/preview/", views.preview, name="preview"),
    path("<slug:slug>/holidays/", views.holidays, name="holidays"),
    path("<slug:slug>/description/", views.description, name="description"),
    path("<slug:slug>/retirement/", views.retirement, name="retirement"),
    path("<slug:slug>/reinstatement/", views.reinstatement, name="reinstatement"),
]
