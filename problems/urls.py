"""Addresses of problems and known errors."""

from django.urls import path

from records.page_urls import addresses

from .views import analysis, known_errors, landing, new, problem, sending

app_name = "problems"
BASE = "problems/<reference:number>/"
KNOWN = "known-errors/<reference:number>/"
urlpatterns = [
    path("problems/", landing.landing, name="landing"),
    path("problems/new/", new.NewProblem.as_view(), name="new"),
    *addresses(
        "problems",
        problem.ProblemPage,
        own=[
            path(f"{BASE}analysis/", analysis.AnalysisPage.as_view(), name="analysis"),
            path(f"{BASE}events/", analysis.EventsPage.as_view(), name="events"),
            path(f"{BASE}actions/", analysis.ActionsPage.as_view(), name="actions"),
            path(f"{BASE}known-error/", problem.KnownErrorTab.as_view(), name="known_error_tab"),
            path(f"{BASE}causes/", analysis.Causes.as_view(), name="causes"),
            path(f"{BASE}causes/<int:key>/", analysis.OneCause.as_view(), name="cause"),
            path(f"{BASE}comparisons/", analysis.Comparisons.as_view(), name="comparisons"),
            path(f"{BASE}comparisons/<int:key>/", analysis.Comparisons.as_view(), name="comparison"),
            path(f"{BASE}happenings/", analysis.Events.as_view(), name="happenings"),
            path(f"{BASE}happenings/<int:key>/", analysis.Events.as_view(), name="happening"),
            path(f"{BASE}matches/<int:key>/", problem.explanation, name="match"),
        ],
    ),
    path("known-errors/", known_errors.listed, name="known_errors"),
    path("known-errors/matches/", known_errors.matches, name="matches"),
    path("known-errors/beside/<reference:number>/", known_errors.offered_beside, name="beside"),
    path(KNOWN, known_errors.one, name="known_error"),
    path(f"{KNOWN}revision/", known_errors.Revision.as_view(), name="revision"),
    path(f"{KNOWN}sending/", sending.Sending.as_view(), name="sending"),
    path(f"{KNOWN}uses/<reference:reference>/", known_errors.use, name="use"),
]
