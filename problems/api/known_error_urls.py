"""Addresses of known errors in the API."""

from django.urls import path

from . import known_errors

urlpatterns = [
    path("", known_errors.KnownErrors.as_view()),
    path("matches/", known_errors.KnownErrorMatches.as_view()),
    path("<str:reference>/", known_errors.OneKnownError.as_view()),
    path("<str:reference>/sending/", known_errors.Sendings.as_view()),
    path("<str:reference>/uses/", known_errors.Uses.as_view()),
    path("<str:reference>/uses/<int:number>/outcome/", known_errors.UseOutcome.as_view()),
]
