"""Addresses of complaints in the API."""

from django.urls import include, path

from .api import COMPLAINTS

urlpatterns = [path("supplier-complaints/", include(COMPLAINTS.addresses()))]
