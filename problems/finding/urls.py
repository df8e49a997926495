"""Addresses of what is found among the incidents. Acts are nouns below the group."""

from django.urls import path

from .views import clusters, paretos, recurrences, togethers

app_name = "finding"
urlpatterns = [
    path("finding/", clusters.clusters, name="clusters"),
    path("finding/look/", clusters.look, name="look"),
    path("finding/<int:key>/", clusters.cluster, name="cluster"),
    path("finding/<int:key>/acceptance/", clusters.acceptance, name="acceptance"),
    path("finding/<int:key>/extension/", clusters.extension, name="extension"),
    path("finding/<int:key>/dismissal/", clusters.dismissal, name="dismissal"),
    path("finding/<int:key>/reconsideration/", clusters.reconsideration, name="reconsideration"),
    path("together/", togethers.together, name="together"),
    path("together/incidents/", togethers.incidents, name="together_incidents"),
    path("together/acceptance/", togethers.acceptance, name="burst_acceptance"),
    path("together/dismissal/", togethers.dismissal, name="burst_dismissal"),
    path("together/<int:key>/", togethers.decided, name="burst"),
    path("together/<int:key>/reconsideration/", togethers.reconsideration, name="burst_reconsideration"),
    path("pareto/", paretos.pareto, name="pareto"),
    path("pareto/incidents/", paretos.incidents, name="pareto_incidents"),
    path("recurrence/", recurrences.recurrence, name="recurrence"),
    path("recurrence/incidents/", recurrences.incidents, name="recurrence_incidents"),
]
