"""Addresses of processes and workflows."""

from django.urls import path

from .views import processes

app_name = "processes"
urlpatterns = [
    path("", processes.overview, name="overview"),
    path("workflows/<slug:slug>/", processes.workflow, name="workflow"),
    path("<slug:process>/", processes.process, name="process"),
]
