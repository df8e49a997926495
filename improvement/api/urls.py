"""Addresses of improvements in the API."""

from django.urls import path

from . import measures, steps
from .views import IMPROVEMENTS

MEASURE = "<str:reference>/measures/<int:number>/"
urlpatterns = IMPROVEMENTS.addresses(
    path("<str:reference>/steps/", steps.Steps.as_view()),
    path("<str:reference>/steps/<int:number>/", steps.StepAnswers.as_view()),
    path("<str:reference>/pointer/", steps.Pointer.as_view()),
    path("<str:reference>/skips/", steps.Skips.as_view()),
    path("<str:reference>/score/", steps.Score.as_view()),
    path("<str:reference>/effect/", steps.Effect.as_view()),
    path("<str:reference>/sharing/", steps.Sharing.as_view()),
    path("<str:reference>/ways/", steps.Ways.as_view()),
    path("<str:reference>/ways/<int:number>/", steps.OneWay.as_view()),
    path("<str:reference>/ways/<int:number>/choice/", steps.WayChoice.as_view()),
    path("<str:reference>/work/", steps.WorkOfImprovement.as_view()),
    path("<str:reference>/measures/", measures.Measures.as_view()),
    path("<str:reference>/baselines/", measures.Baselines.as_view()),
    path("<str:reference>/observations/", measures.Observations.as_view()),
    path(MEASURE, measures.OneMeasure.as_view()),
    path(f"{MEASURE}expectation/", measures.Expectation.as_view()),
    path(f"{MEASURE}target/", measures.Target.as_view()),
    path(f"{MEASURE}comparison/", measures.Comparison.as_view()),
    path(f"{MEASURE}judgment/", measures.Judgment.as_view()),
)
