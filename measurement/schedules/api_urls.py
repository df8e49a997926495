"""Addresses of scheduled reports in the REST API."""

from django.urls import path

from . import api

urlpatterns = [
    path("dashboard-schedules/", api.Schedules.as_view()),
    path("dashboard-schedules/<int:number>/", api.OneSchedule.as_view()),
    path("dashboard-schedules/<int:number>/pause/", api.SchedulePause.as_view()),
    path("dashboard-schedules/<int:number>/owner/", api.ScheduleOwner.as_view()),
    path("dashboard-schedules/<int:number>/leaving/", api.ScheduleLeaving.as_view()),
]
