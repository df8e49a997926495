"""Addresses of approvals below /api/v1/."""

from django.urls import path

from . import boards, decisions, policies

urlpatterns = [
    path("approvals/", decisions.Approvals.as_view()),
    path("approvals/<int:number>/", decisions.OneApproval.as_view()),
    path("approvals/<int:number>/vote/", decisions.ApprovalVote.as_view()),
    path("approvals/<int:number>/delegation/", decisions.ApprovalDelegation.as_view()),
    path("deputies/", decisions.Deputies.as_view()),
    path("deputies/<int:number>/", decisions.OneDeputy.as_view()),
    path("approval-policies/", policies.Policies.as_view()),
    path("approval-policies/<int:number>/", policies.OnePolicy.as_view()),
    path("approval-policies/<int:number>/retirement/", policies.PolicyRetirement.as_view()),
    path("approval-policies/<int:number>/reinstatement/", policies.PolicyReinstatement.as_view()),
    path("boards/", boards.Boards.as_view()),
    path("boards/<int:number>/", boards.OneBoard.as_view()),
]
