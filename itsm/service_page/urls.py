"""The address of a service."""

from django.urls import path

from . import views

app_name = "service_page"
urlpatterns = [path("services/<slug:slug>/", views.service, name="service")]
