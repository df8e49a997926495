"""Addresses of models of standard changes in the API."""

from django.urls import path

from . import catalog

urlpatterns = [
    path("", catalog.Models.as_view()),
    path("<int:number>/", catalog.OneModel.as_view()),
    path("<int:number>/approval/", catalog.ModelApproval.as_view()),
    path("<int:number>/suspension/", catalog.ModelSuspension.as_view()),
    path("<int:number>/retirement/", catalog.ModelRetirement.as_view()),
]
