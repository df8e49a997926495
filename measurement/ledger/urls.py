"""Addresses of the ledger."""

from django.urls import path

from . import views

app_name = "kpi_ledger"
urlpatterns = [
    path("ledger/", views.restated, name="restated"),
    path("<slug:name>/ledger/", views.ledger, name="ledger"),
    path("<slug:name>/ledger/<slug:grain>/<slug:first_day>/", views.period, name="period"),
    path("<slug:name>/ledger/<slug:grain>/<slug:first_day>/restatement/", views.restatement, name="restatement"),
]
