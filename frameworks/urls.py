"""Addresses of the practice map and of framework packs. Acts are nouns below the pack."""

from django.urls import path

from .views import certificates, map, packs, signals

app_name = "frameworks"
urlpatterns = [
    path("", map.practice_map, name="map"),
    path("gaps/", map.gaps, name="gaps"),
    path("steps/<str:step_id>/", map.step, name="step"),
    path("signals/", signals.signals, name="signals"),
    path("signals/<int:pk>/improvement/", signals.improvement, name="signal_improvement"),
    path("signals/<int:pk>/dismissal/", signals.dismissal, name="signal_dismissal"),
    path("signals/<int:pk>/reconsideration/", signals.reconsideration, name="signal_reconsideration"),
    path("packs/", packs.packs, name="packs"),
    path("packs/new/", packs.new, name="new_pack"),
    path("packs/<str:slug>/", packs.pack, name="pack"),
    path("packs/<str:slug>/file/", packs.file, name="pack_file"),
    path("packs/<str:slug>/adoption/", packs.adoption, name="adoption"),
    path("packs/<str:slug>/upgrade/", packs.upgrade, name="upgrade"),
    path("packs/<str:slug>/switching-off/", packs.switching_off, name="switching_off"),
    path("packs/<str:slug>/switching-on/", packs.switching_on, name="switching_on"),
    path("packs/<str:slug>/removal/", packs.removal, name="removal"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<int:pk>/", certificates.certificate, name="certificate"),
    path("certificates/<int:pk>/file/", certificates.file, name="certificate_file"),
    path("<str:slug>/", map.framework, name="framework"),
    path("<str:slug>/<str:key>/", map.practice, name="practice"),
    path("<str:slug>/<str:key>/improvement/", map.gap_improvement, name="gap_improvement"),
]
