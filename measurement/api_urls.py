"""Addresses of the catalog, of own measures, of full counts and of the ledger in the API."""

from django.urls import path

from . import recounts_api
from .catalog import api as catalog
from .ledger import api as ledger
from .own import api as own

urlpatterns = [
    path("kpi-catalog/", catalog.Catalog.as_view()),
    path("kpis/<str:name>/", catalog.KPIHandling.as_view()),
    path("kpis/<str:name>/ledger/", ledger.Ledger.as_view()),
    path("kpis/<str:name>/restatements/", ledger.Restatements.as_view()),
    path("kpi-recounts/", recounts_api.Recounts.as_view()),
    path("success-factors/", catalog.SuccessFactors.as_view()),
    path("success-factors/<int:number>/", catalog.OneSuccessFactor.as_view()),
    path("measure-counts/", own.MeasureCounts.as_view()),
    path("own-measures/", own.OwnMeasures.as_view()),
    path("own-measures/<int:number>/", own.OneOwnMeasure.as_view()),
    path("own-measures/<int:number>/retirement/", own.OwnMeasureRetirement.as_view()),
    path("own-measures/<int:number>/reinstatement/", own.OwnMeasureReinstatement.as_view()),
    path("own-measure-previews/", own.OwnMeasurePreviews.as_view()),
]
