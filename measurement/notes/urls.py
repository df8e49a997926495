"""Addresses of notes."""

from django.urls import path

from . import views

app_name = "kpi_notes"
urlpatterns = [
    path("notes/<int:pk>/", views.note, name="note"),
    path("notes/<int:pk>/removal/", views.removal, name="removal"),
    path("<slug:name>/notes/new/", views.new, name="new"),
]
