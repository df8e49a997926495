"""Addresses of changes and of models of standard changes."""

from django.urls import path

from records.page_urls import addresses

from .views import acts, catalog, change, feeds, landing, new, questionnaire

app_name = "changes"
BASE = "changes/<reference:number>/"
MODEL = "changes/models/<slug:slug>/"
urlpatterns = [
    path("changes/", landing.landing, name="landing"),
    path("changes/new/", new.NewChange.as_view(), name="new"),
    path("changes/feeds/<slug:token>.ics", feeds.feed, name="feed"),
    path("changes/risk/", questionnaire.risk_questions, name="risk_questions"),
    path("changes/risk/new/", questionnaire.new_question, name="new_question"),
    path("changes/risk/<slug:key>/", questionnaire.question, name="question"),
    path("changes/models/", catalog.models, name="models"),
    path("changes/models/new/", catalog.new_model, name="new_model"),
    path(MODEL, catalog.model, name="model"),
    path(f"{MODEL}revision/", catalog.revision, name="revision"),
    path(f"{MODEL}judgment/", catalog.judgment, name="judgment"),
    *addresses(
        "changes",
        change.ChangePage,
        own=[
            path(f"{BASE}plan/", change.PlanTab.as_view(), name="plan"),
            path(f"{BASE}scope/", acts.Scope.as_view(), name="scope"),
            path(f"{BASE}risk/", change.RiskTab.as_view(), name="risk"),
            path(f"{BASE}answers/", acts.Risk.as_view(), name="answers"),
            path(f"{BASE}approvals/", change.ApprovalsTab.as_view(), name="approvals"),
            path(f"{BASE}asking/", acts.Asking.as_view(), name="asking"),
            path(f"{BASE}window/", change.WindowTab.as_view(), name="window"),
            path(f"{BASE}planning/", acts.Window.as_view(), name="planning"),
            path(f"{BASE}slots/", acts.Slots.as_view(), name="slots"),
            path(f"{BASE}acceptances/", acts.Acceptance.as_view(), name="acceptances"),
            path(f"{BASE}exemptions/", acts.Exempting.as_view(), name="exemptions"),
            path(f"{BASE}run/", change.RunTab.as_view(), name="run"),
            path(f"{BASE}steps/", acts.Steps.as_view(), name="steps"),
            path(f"{BASE}steps/<int:key>/", acts.OneStep.as_view(), name="step"),
            path(f"{BASE}back-out/", acts.BackOut.as_view(), name="back_out"),
            path(f"{BASE}review/", change.ReviewTab.as_view(), name="review"),
            path(f"{BASE}caused/", acts.Caused.as_view(), name="caused"),
        ],
    ),
]
