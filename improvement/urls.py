"""Addresses of improvements, goals and scales."""

from django.urls import path

from records.page_urls import addresses

from .views import acts, catalog, improvement, landing, measures, new

app_name = "improvement"
BASE = "improvements/<reference:number>/"
urlpatterns = [
    path("improvements/", landing.landing, name="landing"),
    path("improvements/new/", new.NewImprovement.as_view(), name="new"),
    path("improvements/goals/new/", catalog.new_goal, name="new_goal"),
    path("improvements/goals/<int:key>/", catalog.goal, name="goal"),
    path("improvements/scales/", catalog.scales, name="scales"),
    path("improvements/scales/<int:key>/", catalog.scale, name="scale"),
    *addresses(
        "improvements",
        improvement.ImprovementPage,
        own=[
            path(f"{BASE}steps/", improvement.StepsTab.as_view(), name="steps"),
            path(f"{BASE}steps/<int:step>/", acts.Answers.as_view(), name="answers"),
            path(f"{BASE}pointer/", acts.Pointer.as_view(), name="pointer"),
            path(f"{BASE}ways/", acts.Ways.as_view(), name="ways"),
            path(f"{BASE}ways/<int:key>/", acts.OneWay.as_view(), name="way"),
            path(f"{BASE}effect/", acts.Effect.as_view(), name="effect"),
            path(f"{BASE}measures/", measures.MeasuresTab.as_view(), name="measures"),
            path(f"{BASE}measures/<int:key>/", acts.OneMeasure.as_view(), name="measure"),
            path(f"{BASE}baselines/", acts.Baselines.as_view(), name="baselines"),
            path(f"{BASE}observations/", acts.Observations.as_view(), name="observations"),
            path(f"{BASE}work/", improvement.WorkTab.as_view(), name="work"),
            path(f"{BASE}work-link/", acts.WorkLink.as_view(), name="work_link"),
            path(f"{BASE}score/", acts.Score.as_view(), name="score"),
            path(f"{BASE}vote/", acts.Voting.as_view(), name="vote"),
            path(f"{BASE}sharing/", acts.Sharing.as_view(), name="sharing"),
        ],
    ),
]
