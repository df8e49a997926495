"""Addresses of releases and of the readiness checklist."""

from django.urls import path

from records.page_urls import addresses

from .views import acts, catalog, landing, new, release

app_name = "releases"
BASE = "releases/<reference:number>/"
urlpatterns = [
    path("releases/", landing.landing, name="landing"),
    path("releases/new/", new.NewRelease.as_view(), name="new"),
    path("releases/checklist/", catalog.checklist, name="checklist"),
    path("releases/checklist/new/", catalog.new_line, name="new_line"),
    path("releases/checklist/<int:key>/", catalog.line, name="line"),
    *addresses(
        "releases",
        release.ReleasePage,
        own=[
            path(f"{BASE}contents/", release.ContentsTab.as_view(), name="contents"),
            path(f"{BASE}content/", acts.Contents.as_view(), name="content"),
            path(f"{BASE}plan/", release.PlanTab.as_view(), name="plan"),
            path(f"{BASE}scope/", acts.Scope.as_view(), name="scope"),
            path(f"{BASE}window/", acts.Window.as_view(), name="window"),
            path(f"{BASE}readiness/", release.ReadinessTab.as_view(), name="readiness"),
            path(f"{BASE}criteria/", acts.Criteria.as_view(), name="criteria"),
            path(f"{BASE}criteria/<int:key>/", acts.OneCriterion.as_view(), name="criterion"),
            path(f"{BASE}signatures/<int:key>/", acts.Signature.as_view(), name="signature"),
            path(f"{BASE}asking/", acts.Asking.as_view(), name="asking"),
            path(f"{BASE}deployments/", release.DeploymentsTab.as_view(), name="deployments"),
            path(f"{BASE}waves/", acts.Waves.as_view(), name="waves"),
            path(f"{BASE}waves/<int:key>/", acts.OneWave.as_view(), name="wave"),
            path(f"{BASE}early-life/", release.EarlyLifeTab.as_view(), name="early_life"),
            path(f"{BASE}caused/", acts.Caused.as_view(), name="caused"),
        ],
    ),
]
