"""Addresses of simulations."""

from django.urls import path

from . import views

app_name = "simulator"
urlpatterns = [
    path("simulations/", views.simulations, name="simulations"),
    path("simulations/<int:pk>/", views.simulation, name="simulation"),
    path("simulations/<int:pk>/stop/", views.stop, name="stop"),
    path("simulations/<int:pk>/removal/", views.removal, name="removal"),
    path("agreements/<slug:slug>/simulation/", views.terms, name="terms"),
    path("agreements/<slug:slug>/preview/", views.version, name="version"),
]
