"""Procedures: the list, one of them, one version, and the acts that bring a draft into force."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import access_of
from people.doors import requires
from records.enums import Phase
from records.practices import PROCESSES
from records.rendering import render as render_text
from records.views.base import pressed, saved

from .. import comparing, operations
from ..enums import VersionState
from ..forms import NamingForm
from ..models import Procedure, ProcedureVersion
from ..queries import listing
from ..queries.deciding import decision_of
from ..terms import Terms

VIEW, WRITE, ACTIVATE = "procedure.view", "procedure.write", "procedure.activate"
RECORDS = 20


@requires(VIEW)
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """Every procedure by process and step, narrowed by words."""
    process, text = request.GET.get("process", ""), request.GET.get("q", "")[:200].replace("\x00", "")
    process = process if process in PROCESSES else ""
    context = {
        "procedures": listing.answering(listing.procedures(process=process, text=text)),
        "processes": PROCESSES.items(),
        "process": process,
        "text": text,
        "can_write": access_of(request.user).allows(WRITE),
        "can_set_rules": access_of(request.user).allows("procedure.set_rules"),
    }
    return render(request, "procedures/procedures.html", context)


@requires(VIEW)
@require_safe
def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    """One procedure: what is in force, what is being written, and what was."""
    found = get_object_or_404(Procedure.objects.select_related("owner"), slug=slug)
    versions = listing.versions_of(found)
    standing = next((each for each in versions if each.is_in_force), None)
    shown = standing or (versions[0] if versions else None)
    return _page(request, found, shown, versions=versions, template="procedures/procedure.html")


@requires(VIEW)
@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version, and what is different from the one in force, or for that one from the one before."""
    found = _version(slug, number)
    return _page(request, found.procedure, found, versions=(), template="procedures/version.html")


def _page(
    request: HttpRequest, found: Procedure, shown: ProcedureVersion | None, *, versions: Any, template: str
) -> HttpResponse:
    access = access_of(request.user)
    context: dict[str, Any] = {
        "procedure": listing.answering([found])[0],
        "process_label": PROCESSES[found.process],
        "versions": versions,
        "version": shown,
        "can_write": access.allows(WRITE),
        "can_activate": access.allows(ACTIVATE),
        "open_draft": next((each for each in versions if each.is_draft or each.is_proposed), None),
    }
    if shown is not None:
        shown.procedure = found
        context |= {
            "steps": [{"shown": each, "guidance": render_text(each.step.guidance)} for each in listing.steps_of(shown)],
            "instructions": render_text(shown.instructions),
            "scope": listing.scope_of(shown),
        }
    if shown is not None and template.endswith("version.html"):
        other = _other(shown)
        context |= {
            "other": other,
            "differences": comparing.sentences(Terms.of(other) if other else None, Terms.of(shown)),
            "decision": decision_of(shown, request.user, at=now()),
        }
    elif shown is not None and shown.is_in_force:
        here = listing.at_it_now(shown, request.user).exclude(phase=Phase.DONE).order_by("-pk")
        context |= {"here": here[:RECORDS], "here_count": here.count()}
    return render(request, template, context)


def _other(shown: ProcedureVersion) -> ProcedureVersion | None:
    """What a version is compared with: a draft with what is in force, others with what was in force before."""
    rows = shown.procedure.versions.prefetch_related("steps")
    if shown.is_draft or shown.is_proposed:
        return rows.filter(state=VersionState.IN_FORCE).first()
    return rows.filter(in_force_from__isnull=False, number__lt=shown.number).order_by("-number").first()


def _version(slug: str, number: int) -> ProcedureVersion:
    rows = ProcedureVersion.objects.select_related(
        "procedure", "procedure__owner", "written_by", "proposed_by", "activated_by"
    )
    return get_object_or_404(rows, procedure__slug=slug, number=number)


@requires(WRITE)
@require_POST
def proposal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Hand a draft in."""
    found = _version(slug, number)
    return _act(request, found, lambda: operations.propose(draft=found, by=request.user, at=now()), _("Handed in."))


@requires(ACTIVATE)
@require_POST
def activation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Bring a version into force."""
    found = _version(slug, number)
    said = _("Version %(number)d is in force. Records meet it from their next step on.") % {"number": number}
    return _act(request, found, lambda: operations.activate(version=found, by=request.user, at=now()), said)


@requires(WRITE)
@require_POST
def returning(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make what was handed in a draft again."""
    found, reason = _version(slug, number), request.POST.get("reason", "")
    return _act(
        request,
        found,
        lambda: operations.send_back(version=found, by=request.user, at=now(), reason=reason),
        _("It is a draft again."),
    )


@requires(WRITE)
@require_POST
def dropping(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give a draft up."""
    found = _version(slug, number)
    return _act(
        request, found, lambda: operations.drop_draft(draft=found, by=request.user, at=now()), _("Draft dropped.")
    )


@requires(ACTIVATE)
@require_POST
def retirement(request: HttpRequest, slug: str) -> HttpResponse:
    """End a procedure."""
    found, reason = get_object_or_404(Procedure, slug=slug), request.POST.get("reason", "")
    return pressed(
        request, lambda: operations.retire(procedure=found, by=request.user, at=now(), reason=reason),
        url=found.get_absolute_url(), said=_("Retired: no record meets it any more."),
    )  # fmt: skip


def _act(request: HttpRequest, found: ProcedureVersion, act: Any, said: str) -> HttpResponse:
    return pressed(request, act, url=found.get_absolute_url(), said=said)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def naming(request: HttpRequest, slug: str) -> HttpResponse:
    """Rename a procedure, or give it to another owner."""
    found = get_object_or_404(Procedure, slug=slug)

    def ask(status: int = 200) -> HttpResponse:
        return render(request, "procedures/naming.html", {"form": form, "procedure": found}, status=status)

    if request.method != "POST":
        form = NamingForm(initial={"name": found.name, "owner": found.owner_id})
        return ask()
    form = NamingForm(request.POST)
    return saved(
        request,
        form,
        lambda said: operations.describe(procedure=found, by=request.user, at=now(), **said),
        ask=ask,
        url=found.get_absolute_url(),
    )
