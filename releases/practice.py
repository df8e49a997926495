"""How releases present themselves to the platform, and what the approval engine decides about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from approvals.purposes import Condition, Fact, Purpose
from records.practices import Practice

from . import operations
from .enums import State, Type
from .models import AcceptanceCriterion, Release
from .operations.contents import refuse_link
from .operations.deciding import rejected
from .queries.contents import contents_of, keys_of
from .queries.facts import GO, ReleaseFacts
from .workflow import PHASES

PRACTICE = Practice(
    kind="release",
    prefix="REL",
    slug="releases",
    process="change",
    label=_("release"),
    label_plural=_("releases"),
    model=Release,
    states=State,
    phases=PHASES,
    operations=operations,
    facts=ReleaseFacts,
    steps={
        State.PLANNING: "plan",
        State.BUILDING: "build",
        State.TESTING: "test",
        State.READY: "order",
        State.DEPLOYING: "verify",
        State.EARLY_LIFE: "evaluate",
        State.CLOSED: "close",
    },
    done_at={
        "design-and-build": [State.BUILDING],
        "test-and-validation": [State.TESTING],
        "acceptance-signoff": [State.TESTING],
        "release-planning": [State.PLANNING],
        "release-decision": [State.READY],
        "deployment-execution": [State.DEPLOYING],
        "early-life-support": [State.EARLY_LIFE],
        "service-transition-handover": [State.EARLY_LIFE],
    },
    carried_out_states=frozenset({State.EARLY_LIFE}),
    raised_from={"change": _("Plan a release with it")},
    gathers=frozenset({"change"}),
    refuse_link=refuse_link,
)
DECIDED_FIELDS = (
    "type", "version_name", "build_reference", "deployment_plan", "back_out_plan", "planned_from", "planned_to",
    "assignee_id", "early_life_days", "quiet_days", "quiet_priority", "most_incidents",
)  # fmt: skip


def scope_of(record: Any) -> str:
    """What is decided, as text: build, plans, window, contents, what was found, exit criteria."""
    release: Release = record.specific
    parts = [str(getattr(release, name)) for name in DECIDED_FIELDS]
    parts.append(",".join(map(str, keys_of(release))))
    found = AcceptanceCriterion.objects.filter(release=release).order_by("position")
    parts += [f"{text}\x1f{verdict}" for text, verdict in found.values_list("text", "verdict")]
    return "\x1e".join(parts)


def excluded(record: Any) -> Mapping[int, Any]:
    """Nobody decides about what they asked for or manage themselves."""
    release: Release = record.specific
    reasons: dict[Any, Any] = {release.requester_id: _("the requester")}
    return reasons | {release.assignee_id: _("the release manager")}


def policy_values(record: Any) -> Mapping[str, Any]:
    return {"type": record.specific.type}


def shown(record: Any) -> Sequence[Fact]:
    """What approvers read first; the page of the release says the rest."""
    release: Release = record.specific
    address = release.get_absolute_url()
    facts = [Fact(_("Type"), release.get_type_display()), Fact(_("Version"), release.version_name)]
    if release.planned_from is not None and release.planned_to is not None:
        start, end = localtime(release.planned_from), localtime(release.planned_to)
        facts.append(Fact(_("Window"), f"{date_format(start, 'D j M Y H:i')} – {date_format(end, 'D j M H:i')}"))
    facts.append(Fact(_("Services"), ", ".join(release.services.values_list("name", flat=True)) or "–"))
    contents = ", ".join(each.reference for each in contents_of(release))
    facts.append(Fact(_("In it"), contents or "–", url=f"{address}contents/"))
    waived = AcceptanceCriterion.objects.filter(release=release, verdict="waived").values_list("text", flat=True)
    texts = (
        (_("Waived"), "; ".join(waived)), (_("Known errors"), release.known_errors),
        (_("Plan"), release.deployment_plan), (_("Back-out"), release.back_out_plan),
        (_("Release manager"), release.assignee),
    )  # fmt: skip
    return [*facts, *(Fact(label, text) for label, text in texts if text)]


def is_binding(record: Any) -> bool:
    """A go binds until the deployment begins."""
    return record.state == State.READY


PURPOSE = Purpose(
    name=GO,
    kind="release",
    label=_("say go or no-go to the release"),
    fingerprint=scope_of,
    excluded=excluded,
    values=policy_values,
    conditions=[Condition("type", _("type"), choices=lambda: Type.choices)],
    shown=shown,
    is_binding=is_binding,
    on_rejected=rejected,
)
