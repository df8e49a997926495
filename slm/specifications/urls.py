"""Addresses of what services are said to be, and of what a call is by that."""

from django.urls import path

import records.converters  # noqa: F401 - registers `reference`

from .views import agreements, calls, specification

app_name = "specifications"
urlpatterns = [
    path("services/", specification.overview, name="overview"),
    path("services/<slug:slug>/specification/", specification.specification, name="specification"),
    path("services/<slug:slug>/specification/draft/", specification.draft, name="draft"),
    path("services/<slug:slug>/specification/drafts/", specification.drafts, name="drafts"),
    path("services/<slug:slug>/specification/versions/<int:number>/", specification.version, name="version"),
    path("services/<slug:slug>/specification/versions/<int:number>/force/", specification.force, name="force"),
    path("services/<slug:slug>/specification/versions/<int:number>/dropping/", specification.dropping, name="dropping"),
    path("calls/", calls.asking, name="asking"),
    path("calls/typed/", calls.typed, name="typed"),
    path("calls/beside/<reference:number>/", calls.beside, name="beside"),
    path("agreements/<slug:slug>/cells/", agreements.of_agreement, name="of_agreement"),
]
