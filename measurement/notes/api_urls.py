"""Addresses of notes in the REST API."""

from django.urls import path

from . import api

urlpatterns = [
    path("kpi-notes/", api.KPINotes.as_view()),
    path("kpi-notes/<int:number>/", api.OneKPINote.as_view()),
]
