"""Steps of the process Improve: treat risks and chances ahead of time."""

from django.utils.translation import gettext_lazy as _

from .step import Step

STEPS = (
    Step(
        "risk-assessment", "improve", _("Risk assessment"),
        _("Identify, analyze, evaluate risks and chances"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "risk-treatment-review", "improve", _("Risk treatment and review"),
        _("Choose, follow and check treatments"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "improvement-intake", "improve", _("Improvement intake and register"),
        _("Record ideas and findings with baseline"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "improvement-prioritization", "improve", _("Improvement prioritization"),
        _("Rank by value, cost, risk, urgency"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "service-improvement-planning", "improve", _("Service improvement planning"),
        _("Plan, run and follow improvement initiatives"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "benefits-review", "improve", _("Benefits realization review"),
        _("Compare measured benefit with promised benefit"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "problem-identification", "improve", _("Problem identification and trend analysis"),
        _("Find recurring or significant causes"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "root-cause-analysis", "improve", _("Root cause analysis"),
        _("Find causes and corrective options"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "known-error-publication", "improve", _("Known error publication"),
        _("Record cause or analyzed problem plus workaround"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "post-incident-review", "improve", _("Post-incident review"),
        _("Learn from major or notable incidents, blame-free"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "availability-analysis", "improve", _("Availability and reliability analysis"),
        _("Analyze failures, weak points, targets"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "capacity-planning", "improve", _("Capacity planning"),
        _("Forecast demand and plan supply"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "continuity-planning-and-test", "improve", _("Continuity planning and test"),
        _("Impact analysis, plans, exercises"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "security-control-review", "improve", _("Security control review"),
        _("Check design and working of controls"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "internal-audit", "improve", _("Internal audit"),
        _("Independent check of conformity and working"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "compliance-assessment", "improve", _("Compliance assessment"),
        _("Check against law, contract, standard"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "management-review", "improve", _("Management review"),
        _("Top management evaluates the system"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "corrective-action", "improve", _("Nonconformity and corrective action"),
        _("React, find cause, correct, verify"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "maturity-assessment", "improve", _("Capability and maturity assessment"),
        _("Score and compare over time"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "retrospective", "improve", _("Retrospective"),
        _("Team looks back and picks improvements"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "value-stream-mapping", "improve", _("Value stream mapping"),
        _("Map steps, waits and waste end to end"), "improve-agree improve-change improve-operate",
    ),
    Step(
        "kaizen-event", "improve", _("Kaizen event"),
        _("Focused short improvement with the people doing the work"),
        "improve-agree improve-change improve-operate",
    ),
    Step(
        "experiment", "improve", _("Improvement experiment"),
        _("Hypothesis, trial, measured decision"), "improve-agree improve-change improve-operate",
    ),
)  # fmt: skip
