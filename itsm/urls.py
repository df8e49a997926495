"""Every address, gathered from the apps."""

from django.urls import include, path

from itsm import added, health
from itsm.set_up.pages import site

urlpatterns = [
    path("", include("itsm.shell.urls")),
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
    path("health/keeping-up/", health.keeping_up, name="keeping_up"),
    path("api/v1/", include("itsm.api.urls")),
    path("sla/", include("slm.dashboard.urls")),
    path("availability/", include("slm.availability.urls")),
    path("breaches/", include("slm.breaches.urls")),
    path("sla/forecast/", include("slm.forecasts.urls")),
    path("", include("slm.urls")),
    path("", include("slm.simulator.urls")),
    path("", include("slm.walls.urls")),
    path("reports/", include("slm.reports.urls")),
    path("dashboards/schedules/", include("measurement.schedules.urls")),
    path("dashboards/tables/", include("measurement.pivots.urls")),
    path("dashboards/", include("measurement.dashboards.urls")),
    path("kpi/exports/", include("measurement.explorer.urls")),
    path("kpi/", include("measurement.catalog.urls")),
    path("kpi/", include("measurement.following.urls")),
    path("kpi/", include("measurement.notes.urls")),
    path("kpi/", include("measurement.own.urls")),
    path("kpi/", include("measurement.ledger.urls")),
    path("kpi/", include("measurement.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("", include("records.urls")),
    path("", include("search.urls")),
    path("", include("itsm.palette.urls")),
    path("", include("incidents.urls")),
    path("changes/calendar/", include("changes.calendar_urls")),
    path("", include("changes.urls")),
    path("changes/", include("changes.pipelines.urls")),
    path("changes/", include("changes.differences.urls")),
    path("cab/", include("changes.board.urls")),
    path("", include("releases.urls")),
    path("", include("problems.urls")),
    path("problems/", include("problems.finding.urls")),
    path("", include("knowledge.urls")),
    path("portal/kb/", include("knowledge.portal_urls")),
    path("portal/agreements/", include("slm.portal_urls")),
    path("portal/", include("incidents.portal_urls")),
    path("", include("improvement.urls")),
    *added.addresses("urls"),
    path("practices/", include("frameworks.urls")),
    path("portal/", include("improvement.portal_urls")),
    path("", include("approvals.urls")),
    path("portal/", include("approvals.portal_urls")),
    path("portal/", include("slm.reports.portal_urls")),
    path("processes/", include("procedures.process_urls")),
    path("procedures/", include("procedures.urls")),
    path("accountability/", include("procedures.accountability_urls")),
    path("inbox/", include("notifications.urls")),
    path("", include("itsm.home.urls")),
    path("me/session/", include("itsm.sessions.urls")),
    path("me/", include("itsm.profile.urls")),
    path("admin/calendars/", include("itsm.calendar_editor.urls")),
    path("", include("itsm.configuration.urls")),
    path("", include("itsm.service_page.urls")),
    path("audit/", include("itsm.audit_log.urls")),
    path("admin/set-up/", site.urls),
]

handler400 = "itsm.shell.errors.bad_request"
handler403 = "itsm.shell.errors.permission_denied"
handler404 = "itsm.shell.errors.page_not_found"
handler500 = "itsm.shell.errors.server_error"
