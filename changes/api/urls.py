"""Addresses of changes in the API."""

from django.urls import path

from slm.api.clocks import Clocks
from slm.api.explanations import ClockExplanation

from . import planning, slots, steps
from .views import CHANGES

STEP = "<str:reference>/steps/<int:number>/"
urlpatterns = CHANGES.addresses(
    path("<str:reference>/clocks/", Clocks.as_view(kind="change")),
    path("<str:reference>/clocks/<int:number>/explanation/", ClockExplanation.as_view(kind="change")),
    path("<str:reference>/scope/", planning.Scope.as_view()),
    path("<str:reference>/risk/", planning.Risk.as_view()),
    path("<str:reference>/window/", planning.Window.as_view()),
    path("<str:reference>/slots/", slots.Slots.as_view()),
    path("<str:reference>/conflicts/", planning.Conflicts.as_view()),
    path("<str:reference>/acceptances/", planning.Acceptances.as_view()),
    path("<str:reference>/exemptions/", planning.Exemptions.as_view()),
    path("<str:reference>/exemptions/<int:number>/withdrawal/", planning.ExemptionEnd.as_view()),
    path("<str:reference>/asking/", planning.Asking.as_view()),
    path("<str:reference>/back-out/", planning.BackOut.as_view()),
    path("<str:reference>/steps/", steps.Steps.as_view()),
    path(STEP, steps.OneStep.as_view()),
    path(f"{STEP}place/", steps.StepPlace.as_view()),
    path(f"{STEP}start/", steps.StepStart.as_view()),
    path(f"{STEP}end/", steps.StepEnd.as_view()),
    path(f"{STEP}reopening/", steps.StepReopening.as_view()),
)
