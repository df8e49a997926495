"""Addresses of the measures."""

from django.urls import path

from . import views

app_name = "measurement"
urlpatterns = [
    path("", views.kpis, name="kpis"),
    path("counting/", views.counting, name="counting"),
    path("<slug:name>/", views.kpi, name="kpi"),
    path("<slug:name>/records/", views.records, name="records"),
]
