"""Addresses of procedures, processes and accountability in the API."""

from django.urls import path

from .procedures import (
    DraftActivation,
    DraftDropping,
    DraftProposal,
    DraftReturn,
    OneProcedure,
    ProcedureDraft,
    ProcedureRetirement,
    Procedures,
)
from .processes import Duties, OneDuty, OneProcess, Processes, WhoActed, Workflows
from .rules import ActivationRules, OneActivationRule
from .running import RunningProcedure, Ticks, TickUndoing

urlpatterns = [
    path("processes/", Processes.as_view()),
    path("processes/<str:name>/", OneProcess.as_view()),
    path("workflows/", Workflows.as_view()),
    path("procedures/", Procedures.as_view()),
    path("procedures/<int:number>/", OneProcedure.as_view()),
    path("procedures/<int:number>/draft/", ProcedureDraft.as_view()),
    path("procedures/<int:number>/draft/dropping/", DraftDropping.as_view()),
    path("procedures/<int:number>/draft/proposal/", DraftProposal.as_view()),
    path("procedures/<int:number>/draft/activation/", DraftActivation.as_view()),
    path("procedures/<int:number>/draft/return/", DraftReturn.as_view()),
    path("procedures/<int:number>/retirement/", ProcedureRetirement.as_view()),
    path("activation-rules/", ActivationRules.as_view()),
    path("activation-rules/<int:number>/", OneActivationRule.as_view()),
    path("records/<str:reference>/procedure/", RunningProcedure.as_view()),
    path("records/<str:reference>/procedure/ticks/", Ticks.as_view()),
    path("records/<str:reference>/procedure/ticks/<int:number>/undoing/", TickUndoing.as_view()),
    path("accountabilities/", Duties.as_view()),
    path("accountabilities/<int:number>/", OneDuty.as_view()),
    path("accountability-findings/", WhoActed.as_view()),
]
