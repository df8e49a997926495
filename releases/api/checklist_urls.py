"""Addresses of the template of the readiness checklist in the API."""

from django.urls import path

from . import readiness

urlpatterns = [
    path("", readiness.ChecklistLines.as_view()),
    path("<int:number>/", readiness.OneChecklistLine.as_view()),
]
