"""Addresses of suggestions in the portal."""

from django.urls import path

from records import converters  # noqa: F401 - registers <reference:…>

from .views import portal

app_name = "improvement_portal"
urlpatterns = [
    path("improvements/", portal.home, name="home"),
    path("improvements/new/", portal.Suggest.as_view(), name="new"),
    path("improvements/<reference:number>/vote/", portal.vote, name="vote"),
    path("improvements/<reference:number>/withdrawal/", portal.withdrawal, name="withdrawal"),
]
