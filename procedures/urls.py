"""Addresses of procedures."""

from django.urls import path

import records.converters  # noqa: F401 - registers `reference`

from .views import beside, drafts, procedures, rules

app_name = "procedures"
urlpatterns = [
    path("", procedures.procedures, name="procedures"),
    path("new/", drafts.new, name="new"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.new, name="new_rule"),
    path("rules/<int:key>/", rules.rule, name="rule"),
    path("rules/<int:key>/removal/", rules.removal, name="rule_removal"),
    path("beside/<reference:number>/", beside.beside, name="beside"),
    path("beside/<reference:number>/ticks/", beside.ticks, name="ticks"),
    path("beside/<reference:number>/ticks/<int:key>/undoing/", beside.undoing, name="undoing"),
    path("<slug:slug>/", procedures.procedure, name="procedure"),
    path("<slug:slug>/naming/", procedures.naming, name="naming"),
    path("<slug:slug>/retirement/", procedures.retirement, name="retirement"),
    path("<slug:slug>/draft/", drafts.draft, name="draft"),
    path("<slug:slug>/drafts/", drafts.drafts, name="drafts"),
    path("<slug:slug>/versions/<int:number>/", procedures.version, name="version"),
    path("<slug:slug>/versions/<int:number>/proposal/", procedures.proposal, name="proposal"),
    path("<slug:slug>/versions/<int:number>/activation/", procedures.activation, name="activation"),
    path("<slug:slug>/versions/<int:number>/return/", procedures.returning, name="return"),
    path("<slug:slug>/versions/<int:number>/dropping/", procedures.dropping, name="dropping"),
]
