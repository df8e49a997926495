"""Addresses of specifications in the API."""

from django.urls import path

from .doors import (
    CallClassification,
    SpecificationCheck,
    SpecificationDraft,
    SpecificationDropping,
    SpecificationForce,
    SpecificationVersions,
)

urlpatterns = [
    path("services/<int:number>/specification/versions/", SpecificationVersions.as_view()),
    path("services/<int:number>/specification/check/", SpecificationCheck.as_view()),
    path("services/<int:number>/specification/draft/", SpecificationDraft.as_view()),
    path("services/<int:number>/specification/draft/dropping/", SpecificationDropping.as_view()),
    path("services/<int:number>/specification/draft/force/", SpecificationForce.as_view()),
    path("call-classification/", CallClassification.as_view()),
]
