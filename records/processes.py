"""The five stable processes as steps in their order, and the eight workflows that chain them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

# Process -> what happens in it, in this order and never in another. The names are addresses and stay as they are.
STEPS: Mapping[str, Mapping[str, Any]] = {
    "agree": {
        "accept": _("Accept the wish"),
        "analyze": _("Analyze the demand"),
        "specify": _("Specify the service"),
        "assess": _("Assess feasibility, cost and risk"),
        "confirm": _("Negotiate and confirm"),
        "order": _("Order the realization"),
        "evaluate": _("Evaluate with the requester"),
        "close": _("Close"),
    },
    "change": {
        "accept": _("Accept the request for change"),
        "assess": _("Assess impact and risk"),
        "authorize": _("Authorize"),
        "plan": _("Plan and schedule"),
        "build": _("Build and prepare"),
        "test": _("Test"),
        "order": _("Order the execution"),
        "verify": _("Verify and update the register"),
        "evaluate": _("Evaluate with the requester"),
        "close": _("Close"),
    },
    "recover": {
        "accept": _("Accept the incident"),
        "prioritize": _("Set the priority"),
        "diagnose": _("Diagnose"),
        "route": _("Choose the route"),
        "restore": _("Restore"),
        "verify": _("Verify with the requester"),
        "register": _("Register solution and risks"),
        "close": _("Close"),
    },
    "operate": {
        "accept": _("Accept the task"),
        "plan": _("Plan"),
        "prepare": _("Prepare"),
        "execute": _("Execute"),
        "check": _("Check"),
        "log": _("Record in the log"),
        "report": _("Report back"),
        "close": _("Close"),
    },
    "improve": {
        "accept": _("Accept the risk"),
        "analyze": _("Analyze likelihood, effect and cause"),
        "select": _("Select the measure"),
        "route": _("Choose the route"),
        "follow": _("Follow up"),
        "check": _("Check the effect"),
        "close": _("Close"),
    },
}  # fmt: skip

PURPOSES: Mapping[str, Any] = {
    "agree": _("Make and keep agreements with customers, suppliers and own teams."),
    "change": _("Alter what is managed, under control."),
    "recover": _("Bring a service back to what was agreed."),
    "operate": _("Run the work, watch the services, deliver what was requested."),
    "improve": _("Treat risks and chances before they become incidents."),
}


@dataclass(frozen=True)
class Workflow:
    """
    A chain of process blocks in answer to one trigger.

    :param is_proactive: it begins inside the provider, through Improve; else a customer's call begins it.
    :param trigger: what begins it, in words. :param chain: processes in order.
    :param process: whose records carry it. :param through: those that are linked to a record of this process.
    :param avoids: those that are linked to none of these processes.
    """

    slug: str
    label: Any
    trigger: Any
    chain: tuple[str, ...]
    ends: Any
    is_proactive: bool = False
    process: str = ""
    through: str = ""
    avoids: tuple[str, ...] = ()


WORKFLOWS: tuple[Workflow, ...] = (
    Workflow(
        "wish", _("Wish"), _("a wish"), ("agree", "change", "operate", "change", "agree"),
        _("the agreement is confirmed and realized, or the wish is declined"), process="agree",
    ),
    Workflow(
        "rfc", _("Request for change"), _("a request for change"), ("change", "operate", "change"),
        _("the change is verified and the register updated"), process="change",
    ),
    Workflow(
        "service-request", _("Service request"), _("a service request"), ("operate",),
        _("it is delivered and confirmed"), process="operate",
    ),
    Workflow(
        "incident-direct", _("Incident restored without change"), _("an incident"), ("recover", "operate", "recover"),
        _("the service is restored and confirmed"), process="recover", avoids=("change",),
    ),
    Workflow(
        "incident-change", _("Incident restored through a change"), _("an incident"),
        ("recover", "change", "operate", "change", "recover"),
        _("the service is restored and the register updated"), process="recover", through="change",
    ),
    Workflow(
        "improve-agree", _("Improvement through a new agreement"), _("a risk"),
        ("improve", "agree", "change", "operate", "improve"), _("the measure works and the agreement is current"),
        is_proactive=True, process="improve", through="agree",
    ),
    Workflow(
        "improve-change", _("Improvement through a change"), _("a risk"),
        ("improve", "change", "operate", "change", "improve"), _("the measure works and the register is updated"),
        is_proactive=True, process="improve", through="change", avoids=("agree",),
    ),
    Workflow(
        "improve-operate", _("Improvement in daily work"), _("a risk"), ("improve", "operate", "improve"),
        _("the measure works"), is_proactive=True, process="improve", avoids=("agree", "change"),
    ),
)  # fmt: skip


def workflow(slug: str) -> Workflow | None:
    return next((each for each in WORKFLOWS if each.slug == slug), None)


def step_label(process: str, step: str) -> Any:
    """What the step is called; its own name where an earlier version of the house knew more."""
    return STEPS.get(process, {}).get(step, step)


def is_later(process: str, step: str, than: str) -> bool:
    """Whether the step comes after the other one in its process."""
    order = list(STEPS.get(process, {}))
    return step in order and than in order and order.index(step) > order.index(than)
