"""Addresses of agreements and clocks."""

from django.urls import path

from .views import acts, agreements, clocks, dating, warnings

app_name = "slm"
urlpatterns = [
    path("clocks/<int:pk>/", clocks.explanation, name="explanation"),
    path("clocks/report/<int:number>/", dating.report, name="report"),
    path("clocks/resolution/<int:number>/", dating.resolution, name="resolution"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.new, name="new_agreement"),
    path("agreements/<slug:slug>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:slug>/warnings/", warnings.warnings, name="warnings"),
    path("agreements/<slug:slug>/text/", agreements.text, name="text"),
    path("agreements/<slug:slug>/handling/", agreements.handling, name="handling"),
    path("agreements/<slug:slug>/versions/<int:number>/", agreements.version, name="version"),
    path("agreements/<slug:slug>/offer/", acts.offer, name="offer"),
    path("agreements/<slug:slug>/signatures/", acts.signatures, name="signatures"),
    path("agreements/<slug:slug>/papers/", acts.papers, name="papers"),
    path("agreements/<slug:slug>/review/", acts.review, name="review"),
    path("agreements/<slug:slug>/conclusion/", acts.conclusion, name="conclusion"),
    path("agreements/<slug:slug>/withdrawal/", acts.withdrawal, name="withdrawal"),
    path("agreements/<slug:slug>/notice/", acts.notice, name="notice"),
    path("agreements/<slug:slug>/notice/withdrawal/", acts.notice_withdrawal, name="notice_withdrawal"),
    path("agreements/<slug:slug>/retirement/", acts.retirement, name="retirement"),
    path("agreements/<slug:slug>/reinstatement/", acts.reinstatement, name="reinstatement"),
    path("agreements/<slug:slug>/application/", acts.application, name="application"),
]
