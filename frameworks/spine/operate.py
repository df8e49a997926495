"""Steps of the process Operate: run the work, watch services, deliver requests."""

from django.utils.translation import gettext_lazy as _

from .step import Step

STEPS = (
    Step(
        "call-intake-and-classification", "operate", _("Call intake and classification"),
        _("Register every call and decide its type"),
        "wish rfc service-request incident-direct incident-change improve-agree improve-change improve-operate",
    ),
    Step(
        "request-approval", "operate", _("Service request approval"),
        _("Check entitlement, obtain approval if needed"), "service-request",
    ),
    Step(
        "request-fulfilment", "operate", _("Service request fulfillment"),
        _("Deliver following the request model"), "service-request",
    ),
    Step(
        "access-provisioning", "operate", _("Access provisioning and review"),
        _("Grant, alter, revoke and recertify rights"), "service-request",
    ),
    Step(
        "event-monitoring", "operate", _("Event monitoring and alert triage"),
        _("Detect, filter, correlate, route events"), "improve-operate incident-direct incident-change",
    ),
    Step(
        "capacity-monitoring", "operate", _("Capacity and performance monitoring"),
        _("Watch use against thresholds"), "improve-operate improve-change",
    ),
    Step(
        "scheduled-operations", "operate", _("Scheduled operations"),
        _("Run planned jobs, checks, maintenance"), "service-request improve-operate",
    ),
    Step(
        "backup-and-restore-test", "operate", _("Backup and restore test"),
        _("Make copies and prove they can be restored"), "service-request improve-operate",
    ),
    Step(
        "vulnerability-scanning", "operate", _("Vulnerability scanning and patch triage"),
        _("Find and rank weaknesses"), "improve-operate improve-change",
    ),
    Step(
        "knowledge-maintenance", "operate", _("Knowledge article maintenance"),
        _("Capture, review, publish, retire articles"),
        "wish rfc service-request incident-direct incident-change improve-agree improve-change improve-operate",
    ),
    Step(
        "configuration-audit", "operate", _("Configuration verification and audit"),
        _("Compare records with reality"), "improve-operate improve-change",
    ),
    Step(
        "asset-stocktake", "operate", _("Asset stocktake and license reconciliation"),
        _("Reconcile assets, entitlements, costs"), "improve-operate",
    ),
    Step(
        "flow-board-review", "operate", _("Flow board review (stand-up)"),
        _("Short team check of work, blockers, limits"),
        "wish rfc service-request incident-direct incident-change improve-agree improve-change improve-operate",
    ),
    Step(
        "measurement-collection", "operate", _("Measurement collection"),
        _("Gather and check measurement data"),
        "wish rfc service-request incident-direct incident-change improve-agree improve-change improve-operate",
    ),
    Step(
        "performance-reporting", "operate", _("Service and performance reporting"),
        _("Produce reports for defined audiences"),
        "wish rfc service-request incident-direct incident-change improve-agree improve-change improve-operate",
    ),
    Step(
        "cost-allocation-run", "operate", _("Cost allocation run"),
        _("Distribute cost from pools to services and consumers"), "service-request improve-operate",
    ),
    Step(
        "satisfaction-survey", "operate", _("Satisfaction survey"),
        _("Ask, collect and analyze satisfaction"),
        "wish rfc service-request incident-direct incident-change improve-agree improve-change improve-operate",
    ),
    Step(
        "training-delivery", "operate", _("Training and awareness delivery"),
        _("Teach staff and users"), "service-request improve-operate",
    ),
)  # fmt: skip
