"""Addresses of deployments and environments in the API."""

from django.urls import path

from . import views

urlpatterns = [
    path("deployments/", views.Deployments.as_view()),
    path("deployments/<int:number>/", views.OneDeployment.as_view()),
    path("deployments/<int:number>/result/", views.DeploymentResult.as_view()),
    path("environments/", views.Environments.as_view()),
    path("environments/<int:number>/", views.OneEnvironment.as_view()),
]
