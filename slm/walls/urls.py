"""The address that a screen shows."""

from django.urls import path

from . import views

app_name = "walls"
urlpatterns = [path("wall/<slug:token>/", views.screen, name="screen")]
