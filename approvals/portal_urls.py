"""Addresses of decisions on the requester's side."""

from django.urls import path

from .views import decisions, deputies

app_name = "portal_approvals"
urlpatterns = [
    path("approvals/", decisions.mine, name="mine"),
    path("approvals/deputies/", deputies.deputies, name="deputies"),
    path("approvals/deputies/<int:pk>/ending/", deputies.ending, name="deputy_ending"),
    path("approve/<int:pk>/", decisions.decision, name="decision"),
    path("approve/<int:pk>/votes/", decisions.votes, name="votes"),
    path("approve/<int:pk>/seats/<int:seat>/handover/", decisions.handover, name="handover"),
    path("approve/<int:pk>/seats/<int:seat>/taking-back/", decisions.taking_back, name="taking_back"),
]
