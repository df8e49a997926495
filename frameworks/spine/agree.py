"""Steps of the process Agree: make and keep agreements."""

from django.utils.translation import gettext_lazy as _

from .step import Step

STEPS = (
    Step(
        "governance-direction", "agree", _("Governance direction and evaluation"),
        _("Set direction, decision rights and value criteria for services"), "wish improve-agree",
    ),
    Step(
        "strategy-review", "agree", _("Strategy and objectives review"),
        _("Set and revisit service strategy and objectives"), "wish improve-agree",
    ),
    Step(
        "policy-approval", "agree", _("Policy approval and publication"),
        _("Draft, validate, approve, publish and retire policies"), "wish improve-agree",
    ),
    Step(
        "architecture-review", "agree", _("Architecture review"),
        _("Check proposals against target architecture and standards"), "wish rfc improve-agree improve-change",
    ),
    Step(
        "demand-intake", "agree", _("Demand intake and triage"),
        _("Collect wishes and business demand, screen and route them"), "wish improve-agree",
    ),
    Step(
        "business-case-approval", "agree", _("Business case approval"),
        _("Weigh value, cost and risk; decide to fund"), "wish improve-agree",
    ),
    Step(
        "portfolio-review", "agree", _("Portfolio review"),
        _("Decide start, continue, change or stop across services and initiatives"), "wish improve-agree",
    ),
    Step(
        "requirements-definition", "agree", _("Requirements definition"),
        _("Elicit, document and agree functional and quality requirements"), "wish rfc improve-agree",
    ),
    Step(
        "service-specification", "agree", _("Service specification"),
        _("Describe facility and support, functionality and functioning"), "wish improve-agree",
    ),
    Step(
        "catalogue-publication", "agree", _("Catalog publication"),
        _("Release, change or withdraw catalog entries"), "wish improve-agree",
    ),
    Step(
        "service-level-negotiation", "agree", _("Service level negotiation"),
        _("Agree targets, workload limits and exceptions"), "wish improve-agree",
    ),
    Step(
        "agreement-signoff", "agree", _("Agreement sign-off"),
        _("Confirm, version and activate an agreement"), "wish improve-agree",
    ),
    Step(
        "agreement-review", "agree", _("Service review meeting"),
        _("Review performance against the agreement with the customer"), "wish improve-agree",
    ),
    Step(
        "relationship-review", "agree", _("Relationship review"),
        _("Review satisfaction, outlook and contacts of a customer"), "wish improve-agree",
    ),
    Step(
        "complaint-handling", "agree", _("Complaint handling"),
        _("Record, answer, escalate and close complaints"), "wish",
    ),
    Step(
        "supplier-selection", "agree", _("Supplier selection"),
        _("Set criteria, evaluate and choose suppliers"), "wish improve-agree",
    ),
    Step(
        "contract-management", "agree", _("Contract management"),
        _("Agree, change, renew and end supplier contracts"), "wish improve-agree",
    ),
    Step(
        "supplier-review", "agree", _("Supplier performance review"),
        _("Compare supplier results with contract and customer agreements"), "wish improve-agree",
    ),
    Step(
        "budget-approval", "agree", _("Budget and forecast approval"),
        _("Plan, approve and re-forecast money for services"), "wish improve-agree",
    ),
    Step(
        "charge-review", "agree", _("Showback and charge review"),
        _("Explain cost and consumption to consumers, settle charges"), "wish improve-agree",
    ),
    Step(
        "workforce-planning", "agree", _("Workforce and competence planning"),
        _("Match people, skills and profiles to demand"), "wish improve-agree",
    ),
    Step(
        "stakeholder-communication-planning", "agree", _("Stakeholder communication planning"),
        _("Decide who is told what, when and how"), "wish improve-agree",
    ),
)  # fmt: skip
