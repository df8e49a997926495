"""Addresses of differences and verifications in the API."""

from django.urls import path

from . import views

urlpatterns = [
    path("differences/", views.Differences.as_view()),
    path("differences/explanations/", views.Explanations.as_view()),
    path("differences/changes/", views.FollowUps.as_view()),
    path("differences/<int:number>/", views.OneDifference.as_view()),
    path("differences/<int:number>/reopening/", views.Reopening.as_view()),
    path("items/verifications/", views.ManyVerifications.as_view()),
    path("items/<int:number>/verifications/", views.Verifications.as_view()),
]
