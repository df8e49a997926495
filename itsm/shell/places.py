"""The places of the navigation: one home each, under the process they belong to."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from records import practices

from .navigation import Item, register

PLACES = (
    Item("home", _("Home"), "home", "top", "house", key="g h"),
    Item("inbox", _("Inbox"), "notifications:inbox", "top", "inbox", operation="inbox.use", key="g i"),
    Item(
        "decisions", _("My decisions"), "approvals:mine", "top", "list-checks", operation="approval.decide", key="g a"
    ),
    Item("queue", _("Queue"), "records:queue", "top", "list", operation="record.queue", key="g q"),
    Item("new", _("New ticket"), "incidents:new", "top", "square-pen", operation="incident.create_for_others"),
    Item("portal_reports", _("Your reports"), "portal_reports:reports", "top", "file-text", operation="report.read"),
    Item("portal", _("Your tickets"), "portal:home", "top", "life-buoy", operation="incident.create", key="g y"),
    Item(
        "agreements",
        _("Agreements"),
        "slm:agreements",
        "agree",
        "handshake",
        operation="agreement.view",
        practice="service_level",
    ),
    Item(
        "simulations",
        _("Simulations"),
        "simulator:simulations",
        "agree",
        "flask-conical",
        operation="simulation.run",
        practice="service_level",
    ),
    Item(
        "reports",
        _("Service reports"),
        "reports:reports",
        "agree",
        "file-chart-column",
        operation="report.view",
        practice="service_level",
    ),
    Item(
        "changes",
        _("Changes"),
        "changes:landing",
        "change",
        "git-branch",
        operation="record.queue",
        key="g c",
        practice="change",
    ),
    Item(
        "change_calendar",
        _("Change calendar"),
        "change_calendar:calendar",
        "change",
        "calendar-days",
        operation="record.queue",
        key="g l",
        practice="change",
    ),
    Item("board", _("CAB"), "board:landing", "change", "users", operation="cab.view", practice="change"),
    Item(
        "releases",
        _("Releases"),
        "releases:landing",
        "change",
        "package",
        operation="record.queue",
        key="g r",
        practice="release",
    ),
    Item(
        "configuration",
        _("Configuration"),
        "configuration:list",
        "change",
        "network",
        operation="item.view",
        practice="configuration",
    ),
    Item(
        "incidents",
        _("Incidents"),
        "records:queue",
        "recover",
        "siren",
        operation="record.queue",
        query="q=kind:incident",
        key="g m",
        practice="incident",
    ),
    Item(
        "knowledge",
        _("Knowledge"),
        "knowledge:list",
        "operate",
        "book-open",
        operation="article.view",
        key="g k",
        practice="knowledge",
    ),
    Item(
        "problems",
        _("Problems"),
        "problems:landing",
        "improve",
        "search-x",
        operation="record.queue",
        key="g p",
        practice="problem",
    ),
    Item(
        "known_errors",
        _("Known errors"),
        "problems:known_errors",
        "improve",
        "lightbulb",
        operation="record.read_notes",
        practice="problem",
    ),
    Item(
        "improvements",
        _("Improvements"),
        "improvement:landing",
        "improve",
        "trending-up",
        operation="record.queue",
        key="g v",
        practice="improvement",
    ),
    Item(
        "suggestions",
        _("Suggestions"),
        "improvement_portal:home",
        "improve",
        "lightbulb",
        operation="improvement.suggest",
        practice="improvement",
    ),
    Item(
        "sla",
        _("Service levels"),
        "sla:dashboard",
        "improve",
        "gauge",
        operation="sla.view",
        key="g d",
        practice="service_level",
        also=("breaches:breaches",),
    ),
    Item(
        "availability",
        _("Availability"),
        "availability:overview",
        "improve",
        "activity",
        operation="availability.view",
        practice="availability",
    ),
    Item(
        "kpis", _("Measures"), "measurement:kpis", "improve", "chart-line", operation="kpi.view", practice="measurement"
    ),
    Item("practice_map", _("Practice map"), "frameworks:map", "improve", "layers", operation="practice_map.view"),
    Item("processes", _("Processes"), "processes:overview", "top", "layers", operation="process.view", key="g o"),
    Item(
        "procedures",
        _("Procedures"),
        "procedures:procedures",
        "improve",
        "list-checks",
        operation="procedure.view",
        practice="improvement",
    ),
    Item(
        "accountability",
        _("Accountability"),
        "accountability:matrix",
        "improve",
        "users",
        operation="duty.view",
        practice="improvement",
    ),
    Item(
        "dashboards",
        _("Dashboards"),
        "dashboards:dashboards",
        "improve",
        "layout-dashboard",
        operation="dashboard.view",
        practice="measurement",
    ),
    Item("audit", _("Audit log"), "audit:log", "improve", "scroll-text", operation="audit.view", practice="security"),
    Item("calendars", _("Calendars"), "calendars:list", "bottom", "calendar-clock", operation="calendar.view"),
    Item(
        "approval_policies",
        _("Approval policies"),
        "approvals:policies",
        "bottom",
        "list-checks",
        operation="approval_policy.view",
    ),
    Item("setup", _("Set-up"), "admin:index", "bottom", "settings", operation="setup.edit"),
)


def register_all() -> None:
    """Register what stands above, and a view of the queue for each practice that brings a place of its own."""
    register(*PLACES)
    for practice in practices.all_practices():
        if practice.icon:
            register(
                Item(
                    practice.slug.replace("-", "_"),
                    capfirst(practice.label_plural),
                    "records:queue",
                    practice.process,
                    practice.icon,
                    operation="record.queue",
                    query=f"q=kind:{practice.kind}",
                    practice=practice.kind,
                )
            )
