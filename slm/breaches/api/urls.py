"""Addresses of breaches in the API."""

from django.urls import path

from .breaches import (
    Breaches,
    BreachesExplaining,
    BreachExcuse,
    BreachExcuseDeferral,
    BreachExcuseReturn,
    BreachExplaining,
    OneBreach,
)
from .lists import BreachCauses, ExcuseClauses, ExplanationDeadline, OneBreachCause, OneExcuseClause

urlpatterns = [
    path("breaches/", Breaches.as_view()),
    path("breaches/explanations/", BreachesExplaining.as_view()),
    path("breaches/<int:number>/", OneBreach.as_view()),
    path("breaches/<int:number>/explanation/", BreachExplaining.as_view()),
    path("breaches/<int:number>/excuse/", BreachExcuse.as_view()),
    path("breaches/<int:number>/excuse/return/", BreachExcuseReturn.as_view()),
    path("breaches/<int:number>/excuse/deferral/", BreachExcuseDeferral.as_view()),
    path("breach-causes/", BreachCauses.as_view()),
    path("breach-causes/<int:number>/", OneBreachCause.as_view()),
    path("excuse-clauses/", ExcuseClauses.as_view()),
    path("excuse-clauses/<int:number>/", OneExcuseClause.as_view()),
    path("explanation-deadline/", ExplanationDeadline.as_view()),
]
