"""Addresses of packs and of the map in the API."""

from django.urls import path

from .map import (
    PracticeGapImprovement,
    PracticeGaps,
    PracticeMap,
    PracticeSignalDismissal,
    PracticeSignalImprovement,
    PracticeSignalReconsideration,
    PracticeSignals,
)
from .packs import (
    FrameworkCertificates,
    FrameworkPacks,
    FrameworkPackSwitchingOff,
    FrameworkPackSwitchingOn,
    OneFrameworkCertificate,
    OneFrameworkPack,
)

urlpatterns = [
    path("framework-packs/", FrameworkPacks.as_view()),
    path("framework-packs/<int:number>/", OneFrameworkPack.as_view()),
    path("framework-packs/<int:number>/switching-off/", FrameworkPackSwitchingOff.as_view()),
    path("framework-packs/<int:number>/switching-on/", FrameworkPackSwitchingOn.as_view()),
    path("framework-certificates/", FrameworkCertificates.as_view()),
    path("framework-certificates/<int:number>/", OneFrameworkCertificate.as_view()),
    path("practice-map/", PracticeMap.as_view()),
    path("practice-gaps/", PracticeGaps.as_view()),
    path("practice-gaps/<int:number>/improvement/", PracticeGapImprovement.as_view()),
    path("practice-signals/", PracticeSignals.as_view()),
    path("practice-signals/<int:number>/improvement/", PracticeSignalImprovement.as_view()),
    path("practice-signals/<int:number>/dismissal/", PracticeSignalDismissal.as_view()),
    path("practice-signals/<int:number>/reconsideration/", PracticeSignalReconsideration.as_view()),
]
