"""Steps of the process Recover: bring a service back to what was agreed."""

from django.utils.translation import gettext_lazy as _

from .step import Step

STEPS = (
    Step(
        "incident-logging-and-classification", "recover", _("Incident logging, classification and prioritization"),
        _("Record, categorize, set impact and urgency"), "incident-direct incident-change",
    ),
    Step(
        "incident-escalation", "recover", _("Incident escalation"),
        _("Functional and hierarchic escalation"), "incident-direct incident-change",
    ),
    Step(
        "workaround-application", "recover", _("Workaround search and application"),
        _("Match known errors and restore quickly"), "incident-direct incident-change",
    ),
    Step(
        "incident-resolution-and-closure", "recover", _("Incident resolution and closure"),
        _("Restore, verify with requester, close with codes"), "incident-direct incident-change",
    ),
    Step(
        "major-incident-command", "recover", _("Major incident command"),
        _("Command structure, bridge, decisions, timeline"), "incident-direct incident-change",
    ),
    Step(
        "stakeholder-status-communication", "recover", _("Stakeholder status communication"),
        _("Timely updates during disruption"), "incident-direct incident-change",
    ),
    Step(
        "security-incident-response", "recover", _("Information security incident response"),
        _("Contain, eradicate, recover, notify"), "incident-direct incident-change",
    ),
    Step(
        "continuity-invocation", "recover", _("Continuity plan invocation"),
        _("Declare, invoke, run recovery, return to normal"), "incident-direct incident-change",
    ),
)  # fmt: skip
