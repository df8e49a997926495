"""Addresses of what is found among the incidents in the API."""

from django.urls import path

from .bursts import Bursts
from .clusters import (
    ClusterAcceptance,
    ClusterDismissal,
    ClusterExtension,
    ClusterIncidents,
    ClusterReconsideration,
    Clusters,
    OneCluster,
)
from .pareto import Paretos

urlpatterns = [
    path("clusters/", Clusters.as_view()),
    path("clusters/<int:number>/", OneCluster.as_view()),
    path("clusters/<int:number>/incidents/", ClusterIncidents.as_view()),
    path("clusters/<int:number>/acceptance/", ClusterAcceptance.as_view()),
    path("clusters/<int:number>/extension/", ClusterExtension.as_view()),
    path("clusters/<int:number>/dismissal/", ClusterDismissal.as_view()),
    path("clusters/<int:number>/reconsideration/", ClusterReconsideration.as_view()),
    path("bursts/", Bursts.as_view()),
    path("pareto/", Paretos.as_view()),
]
