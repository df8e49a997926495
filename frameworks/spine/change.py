"""Steps of the process Change: alter what is managed, under control."""

from django.utils.translation import gettext_lazy as _

from .step import Step

STEPS = (
    Step(
        "change-logging-and-screening", "change", _("Change logging and screening"),
        _("Record, classify and screen requests for change"),
        "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "change-assessment", "change", _("Change impact and risk assessment"),
        _("Score risk, impact, cost and resource need"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "change-authorization", "change", _("Change authorization"),
        _("Decide with the authority that fits the risk"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "standard-change-preauthorization", "change", _("Standard change pre-authorization"),
        _("Approve a change model once for repeated use"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "emergency-change-authorization", "change", _("Emergency change authorization"),
        _("Shortened decision with afterwards completion"), "incident-change rfc",
    ),
    Step(
        "change-scheduling", "change", _("Change scheduling"),
        _("Plan in calendar, check collisions, freezes and windows"),
        "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "change-review", "change", _("Post-implementation review"),
        _("Judge result, side effects and lessons"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "service-design-review", "change", _("Service design review"),
        _("Accept the design package of a new or changed service"), "wish rfc improve-agree improve-change",
    ),
    Step(
        "design-and-build", "change", _("Design and build"),
        _("Produce, buy or configure the components"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "code-integration", "change", _("Code review and integration"),
        _("Review, merge, build and analyze changes continuously"),
        "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "test-and-validation", "change", _("Test and validation"),
        _("Verify against acceptance criteria"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "acceptance-signoff", "change", _("Acceptance sign-off"),
        _("Customer and operations accept the result"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "release-planning", "change", _("Release planning"),
        _("Compose, type and time releases"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "release-train-planning", "change", _("Release train planning"),
        _("Plan an increment for many teams on one cadence"), "wish rfc improve-agree improve-change",
    ),
    Step(
        "release-decision", "change", _("Release go/no-go decision"),
        _("Judge readiness and decide"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "deployment-execution", "change", _("Deployment execution"),
        _("Bring release to target environment"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "deployment-verification", "change", _("Deployment verification and rollback decision"),
        _("Check success, roll back or fix forward"), "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "early-life-support", "change", _("Early-life support"),
        _("Extra support after go-live until exit criteria are met"), "wish rfc improve-agree improve-change",
    ),
    Step(
        "service-transition-handover", "change", _("Service transition hand-over"),
        _("Hand over to operation with documents, monitoring, support"), "wish rfc improve-agree improve-change",
    ),
    Step(
        "service-retirement", "change", _("Service removal or transfer"),
        _("Remove or transfer a service in a controlled way"), "wish rfc improve-agree improve-change",
    ),
    Step(
        "organizational-change-rollout", "change", _("Organizational change roll-out"),
        _("Prepare people for and anchor a changed way of working"),
        "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "configuration-update", "change", _("Configuration record update"),
        _("Record authorized changes to items and relations"),
        "wish rfc incident-change improve-agree improve-change",
    ),
    Step(
        "asset-acquisition-and-disposal", "change", _("Asset acquisition and disposal"),
        _("Buy, receive, assign, retire and dispose of assets"), "rfc wish improve-change",
    ),
    Step(
        "backlog-refinement", "change", _("Backlog refinement"),
        _("Split, clarify, estimate and order work items"), "wish rfc improve-agree improve-change",
    ),
    Step(
        "iteration-planning", "change", _("Iteration planning"),
        _("Commit a team to goals for a short period"), "wish rfc improve-agree improve-change",
    ),
    Step(
        "increment-demo", "change", _("Increment demonstration"),
        _("Show integrated result and collect feedback"), "wish rfc improve-agree improve-change",
    ),
    Step(
        "project-initiation", "change", _("Project initiation"),
        _("Charter: purpose, objectives, risks, authority"), "wish improve-agree improve-change",
    ),
    Step(
        "project-planning", "change", _("Project planning and baseline"),
        _("Scope, schedule, cost, quality and risk baseline"), "wish improve-agree improve-change",
    ),
    Step(
        "project-stage-control", "change", _("Project stage control"),
        _("Track, report, handle deviations, decide per stage"), "wish improve-agree improve-change",
    ),
    Step(
        "project-closure", "change", _("Project closure"),
        _("Accept result, hand over, record lessons"), "wish improve-agree improve-change",
    ),
)  # fmt: skip
