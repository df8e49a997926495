"""Addresses of goals, scales and suggestions in the API."""

from django.urls import path

from . import catalog

urlpatterns = [
    path("goals/", catalog.Goals.as_view()),
    path("goals/<int:number>/", catalog.OneGoal.as_view()),
    path("improvement-scales/", catalog.Scales.as_view()),
    path("improvement-scales/<int:number>/", catalog.OneScale.as_view()),
    path("suggestions/", catalog.Suggestions.as_view()),
    path("suggestions/<str:reference>/vote/", catalog.SuggestionVote.as_view()),
    path("suggestions/<str:reference>/withdrawal/", catalog.SuggestionWithdrawal.as_view()),
]
