"""Addresses of what is found among the incidents in the API."""

from django.urls import path

from .bursts import BurstAcceptance, BurstDismissal, BurstReconsideration, Bursts, DecidedBursts, OneDecidedBurst
from .clusters import (
    ClusterAcceptance,
    ClusterDismissal,
    ClusterExtension,
    ClusterIncidents,
    ClusterLook,
    ClusterReconsideration,
    Clusters,
    OneCluster,
)
from .pareto import Paretos
from .recurrence import Recurrences, RecurringIncidents

urlpatterns = [
    path("clusters/", Clusters.as_view()),
    path("clusters/look/", ClusterLook.as_view()),
    path("clusters/<int:number>/", OneCluster.as_view()),
    path("clusters/<int:number>/incidents/", ClusterIncidents.as_view()),
    path("clusters/<int:number>/acceptance/", ClusterAcceptance.as_view()),
    path("clusters/<int:number>/extension/", ClusterExtension.as_view()),
    path("clusters/<int:number>/dismissal/", ClusterDismissal.as_view()),
    path("clusters/<int:number>/reconsideration/", ClusterReconsideration.as_view()),
    path("bursts/", Bursts.as_view()),
    path("bursts/acceptance/", BurstAcceptance.as_view()),
    path("bursts/dismissal/", BurstDismissal.as_view()),
    path("bursts/decisions/", DecidedBursts.as_view()),
    path("bursts/decisions/<int:number>/", OneDecidedBurst.as_view()),
    path("bursts/decisions/<int:number>/reconsideration/", BurstReconsideration.as_view()),
    path("pareto/", Paretos.as_view()),
    path("recurrence/", Recurrences.as_view()),
    path("recurrence/incidents/", RecurringIncidents.as_view()),
]
