"""Addresses of deployments, and of how pipelines are connected."""

from django.urls import path

from .views import deployments, setting_up

app_name = "pipelines"
urlpatterns = [
    path("deployments/", deployments.deployments, name="deployments"),
    path("deployments/<int:key>/", deployments.deployment, name="deployment"),
    path("deployments/<int:key>/result/", deployments.result, name="result"),
    path("pipelines/", setting_up.pipelines, name="pipelines"),
    path("pipelines/steward-deploy.sh", setting_up.script, name="script"),
    path("pipelines/environments/new/", setting_up.new_environment, name="new_environment"),
    path("pipelines/environments/<slug:slug>/", setting_up.environment, name="environment"),
]
