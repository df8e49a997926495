"""Addresses of the risk questionnaire in the API."""

from django.urls import path

from . import questionnaire

urlpatterns = [
    path("", questionnaire.Questions.as_view()),
    path("<int:number>/", questionnaire.OneQuestion.as_view()),
]
