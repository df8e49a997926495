"""Approval policies: which there are, which one would decide and why, and their editor."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.refs import parse_reference
from common.refusals import Refused, Stale
from common.time import now
from people import access
from people.doors import requires
from records import practices
from records.models import Record

from .. import operations, presenting, purposes, selection
from ..models import ApprovalPolicy, Board
from ..policy_forms import PolicyEditor
from ..purposes import Condition, Purpose


class TesterForm(forms.Form):
    """A record to try the policies on."""

    reference = forms.CharField(label=gettext_lazy("Record"), max_length=30)


@requires("approval_policy.view")
@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy by what it decides, the boards, and which policy would decide about a record, and why."""
    rows = ApprovalPolicy.objects.prefetch_related("conditions", "steps__approvers").order_by("position", "name")
    found = sorted(rows, key=lambda each: (each.purpose, not each.is_active, -len(each.conditions.all())))
    tester = TesterForm(request.GET if request.GET.get("reference") else None)
    context: dict[str, Any] = {
        "policies": [
            {"policy": each, "decides": _label(each.purpose), "conditions": _conditions(each)} for each in found
        ],
        "boards": Board.objects.prefetch_related("members__user"),
        "purposes": purposes.all_purposes(),
        "may_edit": access.can(request.user, "approval_policy.edit"),
        "tester": tester,
    }
    if tester.is_bound and tester.is_valid():
        number = parse_reference(tester.cleaned_data["reference"])
        record = Record.objects.visible_to(request.user).filter(pk=number or 0).first()
        if record is None:
            tester.add_error("reference", _("There is no such record that you can see. Check the number."))
        else:
            context |= {"tried": record, "matches": [_match(each, record.specific) for each in _about(record)]}
    return render(request, "approvals/policies.html", context)


@requires("approval_policy.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a policy; first which purpose, when there are several."""
    known = purposes.all_purposes()
    name = request.GET.get("purpose") or (known[0].name if len(known) == 1 else "")
    purpose = purposes.find(name)
    if purpose is None:
        return render(
            request, "approvals/new_policy.html", {"purposes": [(each.name, _label(each.name)) for each in known]}
        )
    editor = PolicyEditor(purpose=purpose, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and "more" not in request.POST and editor.is_valid():
        try:
            made = operations.create_policy(
                by=request.user,
                at=now(),
                name=editor.head.cleaned_data["name"],
                position=editor.head.cleaned_data["position"],
                purpose=purpose.name,
                terms=editor.terms(),
            )
        except Refused as refused:
            editor.tell(refused.refusals)
        else:
            messages.success(request, _("Policy “%(name)s” made.") % {"name": made.name})
            return redirect("approvals:policy", made.slug)
    return _page(request, editor, None)


@requires("approval_policy.view")
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """What a policy says; with the right to change it, the form that does."""
    rows = ApprovalPolicy.objects.prefetch_related("conditions", "steps__approvers")
    found = get_object_or_404(rows, slug=slug)
    purpose = purposes.find(found.purpose)
    if purpose is None:
        raise Http404
    if request.method != "POST":
        return _page(request, PolicyEditor(purpose=purpose, policy=found), found)
    access.require(request.user, "approval_policy.edit")
    editor = PolicyEditor(purpose=purpose, policy=found, data=request.POST)
    if "more" in request.POST or not editor.is_valid():
        return _page(request, editor, found)
    try:
        saved = operations.revise_policy(
            policy=found,
            by=request.user,
            at=now(),
            name=editor.head.cleaned_data["name"],
            position=editor.head.cleaned_data["position"],
            terms=editor.terms(),
            version=editor.head.cleaned_data["seen_version"],
        )
    except Stale as stale:
        editor.non_field_errors.append(str(stale))
        return _page(request, editor, found, status=stale.status)
    except Refused as refused:
        editor.tell(refused.refusals)
        return _page(request, editor, found)
    messages.success(request, _("Version %(number)s decides what is asked from now on.") % {"number": saved.version})
    return redirect("approvals:policy", saved.slug)


@requires("approval_policy.edit")
@require_POST
def retirement(request: HttpRequest, slug: str) -> HttpResponse:
    """Have nothing new decided by the policy."""
    found = get_object_or_404(ApprovalPolicy, slug=slug)
    operations.retire_policy(policy=found, by=request.user, at=now())
    messages.success(request, _("Policy “%(name)s” retired.") % {"name": found.name})
    return redirect("approvals:policies")


@requires("approval_policy.edit")
@require_POST
def reinstatement(request: HttpRequest, slug: str) -> HttpResponse:
    """Use a retired policy again."""
    found = get_object_or_404(ApprovalPolicy, slug=slug)
    operations.reinstate_policy(policy=found, by=request.user, at=now())
    messages.success(request, _("Policy “%(name)s” is in use again.") % {"name": found.name})
    return redirect("approvals:policy", slug)


def _page(
    request: HttpRequest, editor: PolicyEditor, found: ApprovalPolicy | None, status: int | None = None
) -> HttpResponse:
    may_edit = access.can(request.user, "approval_policy.edit")
    if not may_edit:
        editor.disable()
    is_growing = "more" in request.POST
    errors = [] if is_growing else editor.errors
    context = {
        "editor": editor,
        "policy": found,
        "purpose": editor.purpose,
        "hints": [each for each in selection.conditions_of(editor.purpose) if each.choices],
        "errors": errors,
        "may_edit": may_edit,
        "versions": found.versions.select_related("created_by")[:20] if found else (),
        "running": found.approvals.open().count() if found else 0,
    }
    return render(request, "approvals/policy.html", context, status=status or (422 if errors else 200))


def _label(name: str) -> Any:
    """What is decided; with the kind of record where the same is decided about several kinds."""
    purpose = purposes.find(name)
    if purpose is None:
        return name
    label = str(purpose.label)
    if sum(str(each.label) == label for each in purposes.all_purposes()) < 2:
        return label
    return _("%(label)s (%(kind)s)") % {"label": label, "kind": practices.of(purpose.kind).label}


def _about(record: Any) -> list[Purpose]:
    return purposes.of_kind(record.kind)


def _known(purpose: Purpose | None) -> dict[str, Condition]:
    return {each.name: each for each in selection.conditions_of(purpose)} if purpose else {}


def _conditions(policy: ApprovalPolicy) -> list[str]:
    known = _known(purposes.find(policy.purpose))
    return [selection.describe(each, known) for each in policy.conditions.all()]


def _match(purpose: Purpose, record: Any) -> dict[str, Any]:
    selected = selection.choose(purpose, record)
    known = _known(purpose)
    return {
        "purpose": purpose,
        "policy": selected.policy,
        "candidates": [(each.policy, selection.sentence(each, known)) for each in selected.candidates],
        "steps": [(step, presenting.rule_sentence(step, None)) for step in _steps(selected.policy)],
    }


def _steps(policy: ApprovalPolicy | None) -> Any:
    return policy.steps.all() if policy else ()
