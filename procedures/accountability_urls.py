"""Addresses of accountability."""

from django.urls import path

from .views import accountability

app_name = "accountability"
urlpatterns = [
    path("", accountability.accountability, name="matrix"),
    path("<slug:process>/<slug:step>/", accountability.duty, name="duty"),
]
