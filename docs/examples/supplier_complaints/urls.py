"""Addresses of complaints. Moves need none of their own: each answers at its noun."""

from django.urls import path

from records.page_urls import addresses

from .views import ComplaintPage, NewComplaint

app_name = "supplier_complaints"
urlpatterns = [
    path("supplier-complaints/new/", NewComplaint.as_view(), name="new"),
    *addresses("supplier-complaints", ComplaintPage),
]
