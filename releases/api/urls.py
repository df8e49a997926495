"""Addresses of releases in the API."""

from django.urls import path

from slm.api.clocks import Clocks
from slm.api.explanations import ClockExplanation

from . import deployments, planning, readiness
from .views import RELEASES

CRITERION = "<str:reference>/criteria/<int:number>/"
LINE = "<str:reference>/checklist/<int:number>/"
WAVE = "<str:reference>/deployments/<int:number>/"
urlpatterns = RELEASES.addresses(
    path("<str:reference>/clocks/", Clocks.as_view(kind="release")),
    path("<str:reference>/clocks/<int:number>/explanation/", ClockExplanation.as_view(kind="release")),
    path("<str:reference>/scope/", planning.ReleaseScope.as_view()),
    path("<str:reference>/window/", planning.ReleaseWindowDoor.as_view()),
    path("<str:reference>/contents/", planning.Contents.as_view()),
    path("<str:reference>/contents/<int:number>/", planning.OneContent.as_view()),
    path("<str:reference>/asking/", planning.Asking.as_view()),
    path("<str:reference>/early-life/", planning.EarlyLife.as_view()),
    path("<str:reference>/criteria/", readiness.Criteria.as_view()),
    path(CRITERION, readiness.OneCriterion.as_view()),
    path(f"{CRITERION}judgment/", readiness.CriterionJudgment.as_view()),
    path(f"{CRITERION}waiver/", readiness.CriterionWaiver.as_view()),
    path("<str:reference>/checklist/", readiness.Readiness.as_view()),
    path(f"{LINE}signature/", readiness.Signature.as_view()),
    path(f"{LINE}withdrawal/", readiness.SignatureEnd.as_view()),
    path("<str:reference>/deployments/", deployments.Deployments.as_view()),
    path(WAVE, deployments.OneDeployment.as_view()),
    path(f"{WAVE}start/", deployments.DeploymentStart.as_view()),
    path(f"{WAVE}end/", deployments.DeploymentEnd.as_view()),
    path(f"{WAVE}repetition/", deployments.DeploymentRepetition.as_view()),
)
