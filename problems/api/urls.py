"""Addresses of problems in the API."""

from django.urls import path

from slm.api.clocks import Clocks
from slm.api.explanations import ClockExplanation

from . import causes, facts, timeline
from .views import PROBLEMS

CAUSE = "<str:reference>/causes/<int:number>/"
urlpatterns = PROBLEMS.addresses(
    path("<str:reference>/clocks/", Clocks.as_view(kind="problem")),
    path("<str:reference>/clocks/<int:number>/explanation/", ClockExplanation.as_view(kind="problem")),
    path("<str:reference>/causes/", causes.Causes.as_view()),
    path(CAUSE, causes.OneCause.as_view()),
    path(f"{CAUSE}place/", causes.CausePlace.as_view()),
    path(f"{CAUSE}root/", causes.CauseRoot.as_view()),
    path(f"{CAUSE}disproof/", causes.CauseDisproof.as_view()),
    path(f"{CAUSE}evidence/", causes.Evidence.as_view()),
    path("<str:reference>/evidence/<int:number>/", causes.OneEvidence.as_view()),
    path(f"{CAUSE}actions/", causes.Actions.as_view()),
    path("<str:reference>/comparisons/", facts.Comparisons.as_view()),
    path("<str:reference>/comparisons/<int:number>/", facts.OneComparison.as_view()),
    path("<str:reference>/timeline/", timeline.Timeline.as_view()),
    path("<str:reference>/events/", facts.Events.as_view()),
    path("<str:reference>/events/<int:number>/", facts.OneEvent.as_view()),
    path("<str:reference>/matches/", facts.Matches.as_view()),
    path("<str:reference>/matches/<int:number>/explanation/", facts.Explanation.as_view()),
)
