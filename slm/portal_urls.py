"""Addresses of agreements on the customer's side."""

from django.urls import path

from .views import portal

app_name = "portal_agreements"
urlpatterns = [
    path("", portal.agreements, name="agreements"),
    path("<slug:slug>/", portal.agreement, name="agreement"),
    path("<slug:slug>/signatures/", portal.signatures, name="signatures"),
]
