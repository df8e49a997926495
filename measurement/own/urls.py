"""Addresses of own measures."""

from django.urls import path

from . import views

app_name = "own_kpis"
urlpatterns = [
    path("own/new/", views.new, name="new"),
    path("own/<slug:slug>/", views.measure, name="measure"),
    path("own/<slug:slug>/retirement/", views.retirement, name="retirement"),
    path("own/<slug:slug>/reinstatement/", views.reinstatement, name="reinstatement"),
]
