"""Addresses of decisions, deputies, policies and boards."""

from django.urls import path

from records import converters  # noqa: F401 - registers <reference:…>

from .views import boards, decisions, deputies, people, policies

app_name = "approvals"
urlpatterns = [
    path("decisions/", decisions.mine, name="mine"),
    path("decisions/link/<str:token>/", decisions.link, name="link"),
    path("decisions/beside/<reference:number>/", decisions.beside, name="beside"),
    path("decisions/people/", people.people, name="people"),
    path("decisions/deputies/", deputies.deputies, name="deputies"),
    path("decisions/deputies/<int:pk>/ending/", deputies.ending, name="deputy_ending"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("decisions/<int:pk>/votes/", decisions.votes, name="votes"),
    path("decisions/<int:pk>/seats/<int:seat>/handover/", decisions.handover, name="handover"),
    path("decisions/<int:pk>/seats/<int:seat>/taking-back/", decisions.taking_back, name="taking_back"),
    path("decisions/<int:pk>/seats/<int:seat>/filling/", decisions.filling, name="filling"),
    path("approval-policies/", policies.policies, name="policies"),
    path("approval-policies/new/", policies.new, name="new_policy"),
    path("approval-policies/boards/new/", boards.new, name="new_board"),
    path("approval-policies/boards/<slug:slug>/", boards.board, name="board"),
    path("approval-policies/<slug:slug>/", policies.policy, name="policy"),
    path("approval-policies/<slug:slug>/retirement/", policies.retirement, name="retirement"),
    path("approval-policies/<slug:slug>/reinstatement/", policies.reinstatement, name="reinstatement"),
]
