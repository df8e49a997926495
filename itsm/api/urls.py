"""Every address of the REST API, version 1."""

from django.urls import include, path, re_path

from calendars import api as calendars
from changes.api.schedule import ChangeSchedule
from itsm import added
from measurement import api as measurement
from people import api as people
from people.doors import public
from records.api import search as records
from services import api as services
from slm.api import agreement_acts, agreements
from slm.forecasts import api as forecasts
from slm.simulator import api as simulator
from slm.walls import api as walls

from . import schema  # noqa: F401 - registers how our fields and tokens look in the schema
from .views import Docs, Schema, elsewhere

app_name = "api"
urlpatterns = [
    path("schema/", public(Schema.as_view()), name="schema"),
    path("docs/", public(Docs.as_view()), name="docs"),
    path("incidents/", include("incidents.api.urls")),
    path("problems/", include("problems.api.urls")),
    path("known-errors/", include("problems.api.known_error_urls")),
    path("changes/schedule/", ChangeSchedule.as_view()),
    path("changes/", include("changes.api.urls")),
    path("change-windows/", include("changes.api.window_urls")),
    path("change-models/", include("changes.api.model_urls")),
    path("", include("changes.pipelines.api.urls")),
    path("", include("changes.differences.api.urls")),
    path("risk-questions/", include("changes.api.question_urls")),
    path("", include("changes.board.api.urls")),
    path("releases/", include("releases.api.urls")),
    path("release-checklist/", include("releases.api.checklist_urls")),
    path("improvements/", include("improvement.api.urls")),
    path("", include("improvement.api.catalog_urls")),
    *added.addresses("api_urls"),
    path("", include("frameworks.api.urls")),
    path("", include("problems.finding.api.urls")),
    path("", include("knowledge.api.urls")),
    path("records/", records.Records.as_view()),
    path("me/", people.Myself.as_view()),
    path("people/", people.People.as_view()),
    path("people/<int:number>/", people.OnePerson.as_view()),
    path("teams/", people.Teams.as_view()),
    path("teams/<int:number>/", people.OneTeam.as_view()),
    path("organizations/", people.Organizations.as_view()),
    path("organizations/<int:number>/", people.OneOrganization.as_view()),
    path("services/", services.Services.as_view()),
    path("services/<int:number>/", services.OneService.as_view()),
    path("", include("slm.specifications.api.urls")),
    path("", include("itsm.configuration.api.urls")),
    path("calendars/", calendars.Calendars.as_view()),
    path("calendars/<int:number>/", calendars.OneCalendar.as_view()),
    path("calendars/<int:number>/preview/", calendars.CalendarPreview.as_view()),
    path("calendars/<int:number>/simulations/", simulator.CalendarSimulations.as_view()),
    path("agreements/", agreements.Agreements.as_view()),
    path("agreements/<int:number>/", agreements.OneAgreement.as_view()),
    path("agreements/<int:number>/targets/", agreements.AgreementTargets.as_view()),
    path("agreement-choices/", agreement_acts.AgreementChoice.as_view()),
    path("agreements/<int:number>/handling/", agreements.AgreementHandling.as_view()),
    path("agreements/<int:number>/offer/", agreement_acts.AgreementOffer.as_view()),
    path("agreements/<int:number>/signatures/", agreement_acts.AgreementSignatures.as_view()),
    path("agreements/<int:number>/review/", agreement_acts.AgreementReview.as_view()),
    path("agreements/<int:number>/conclusion/", agreement_acts.AgreementConclusion.as_view()),
    path("agreements/<int:number>/draft/", agreement_acts.AgreementDraft.as_view()),
    path("agreements/<int:number>/notice/", agreement_acts.AgreementNotice.as_view()),
    path("agreements/<int:number>/versions/", agreement_acts.AgreementVersions.as_view()),
    path("agreements/<int:number>/findings/", agreement_acts.AgreementFindings.as_view()),
    path("agreements/<int:number>/application/", agreement_acts.AgreementApplication.as_view()),
    path("agreements/<int:number>/retirement/", agreements.AgreementRetirement.as_view()),
    path("agreements/<int:number>/reinstatement/", agreements.AgreementReinstatement.as_view()),
    path("agreements/<int:number>/simulations/", simulator.AgreementSimulations.as_view()),
    path("simulations/", simulator.Simulations.as_view()),
    path("simulations/<int:number>/", simulator.OneSimulation.as_view()),
    path("simulations/<int:number>/outcomes/", simulator.SimulationOutcomes.as_view()),
    path("simulations/<int:number>/stop/", simulator.SimulationStop.as_view()),
    path("", include("slm.availability.api.urls")),
    path("", include("slm.breaches.api.urls")),
    path("", include("slm.reports.api.urls")),
    path("forecasts/", forecasts.Forecasts.as_view()),
    path("forecast-trials/", forecasts.ForecastTrials.as_view()),
    path("", include("approvals.api.urls")),
    path("", include("measurement.explorer.api_urls")),
    path("", include("measurement.api_urls")),
    path("", include("measurement.dashboards.api_urls")),
    path("", include("procedures.api.urls")),
    path("", include("measurement.pivots.api_urls")),
    path("", include("measurement.schedules.api_urls")),
    path("wall-links/", walls.WallLinks.as_view()),
    path("wall-links/<int:number>/", walls.OneWallLink.as_view()),
    path("", include("measurement.following.api_urls")),
    path("", include("measurement.notes.api_urls")),
    path("kpis/", measurement.KPIs.as_view()),
    path("kpis/<str:name>/readings/", measurement.Readings.as_view()),
    re_path(r"^(?P<rest>[\s\S]*)$", elsewhere),
]
