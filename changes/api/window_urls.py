"""Addresses of freezes and maintenance windows in the API."""

from django.urls import path

from . import windows

urlpatterns = [
    path("", windows.Windows.as_view()),
    path("<int:number>/", windows.OneWindow.as_view()),
    path("<int:number>/retirement/", windows.WindowRetirement.as_view()),
    path("<int:number>/reinstatement/", windows.WindowReinstatement.as_view()),
]
