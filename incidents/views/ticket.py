"""The ticket page and what keeps it fresh."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.models import Entry
from common.templatetags.steward import moment
from people.access import access_of
from people.doors import requires
from records import timeline
from records.enums import LinkKind
from records.rendering import render as render_text
from records.transitions import offers
from records.views.base import is_worked_on_by, record_or_404, see_other
from slm.queries import clocks_of

from .. import page
from ..enums import HoldReason
from ..models import Incident

ACTS = ("record.reply", "record.attach", "record.link", "record.add_watcher", "record.task", "incident.edit")
ADDRESSES = {"reply": "replies", "reply_draft": "drafts/reply", "note": "notes", "note_draft": "drafts/note"}
KEYS = {"service": "v", "tags": "t"}


def context_of(request: HttpRequest, number: int) -> dict[str, Any]:
    """
    Everything that the ticket page shows.

    :raises Http404: there is no such incident that the person may see from the inside.
    """
    user, at = request.user, now()
    record = page.ticket(user, number)
    if record is None or not is_worked_on_by(user, record):
        raise Http404
    access = access_of(user)
    show = request.GET.get("show", timeline.ALL)
    if show not in timeline.FILTERS:
        show = timeline.ALL
    hanging = page.hanging_on(user, record)
    files = page.files_of(record, hanging.files)
    story = timeline.of_staff(record, files=files, viewer=user, show=show, everything="everything" in request.GET)
    drafts = page.drafts_of(hanging.drafts)
    found = offers(record, by=user, at=at)
    others = [row for row in hanging.watchers if row["id"] not in (record.requester_id, user.pk)]
    held = drafts.get("held")
    return {
        "record": record,
        "show": show,
        "timeline": story,
        "tabs": timeline.tabs(story.counts, show=show, path=record.get_absolute_url()),
        "no_lines": timeline.no_lines(show),
        "offers": found,
        "sends": [
            (name, send.label % {"to": _to(record, others)})
            for name, send in record.practice.sends.items()
            if any(offer.move.name == send.move and offer.is_possible for offer in found)
        ],
        "to": _to(record, others),
        "reply": drafts.get("reply"),
        "note": drafts.get("note"),
        "held": held,
        "held_seconds": max(0, (held.send_at - at).total_seconds()) if held and held.send_at else 0,
        "clocks": clocks_of(record, user, at=at),
        "open_of_requester": page.open_of_requester(user, record),
        "links": page.links_of(hanging.links),
        "link_kinds": LinkKind.choices,
        "tasks": page.tasks_of(hanging.tasks),
        "outside": page.outside_of(hanging.outside),
        "watchers": hanging.watchers,
        "is_followed": any(row["id"] == user.pk for row in hanging.watchers),
        **{f"can_{name.rpartition('.')[2]}": access.allows_on(name, record) and not record.closed_at for name in ACTS},
        "can_note": access.allows_on("record.note", record),
        "description": render_text(record.description),
        "resolution": render_text(record.resolution_text),
        "held_html": render_text(held.text) if held else "",
        "hold_label": HoldReason(record.state_reason).label if record.state_reason in HoldReason.values else "",
        "facts": _facts(record, can_edit=access.allows_on("incident.edit", record) and not record.closed_at),
        "loose_files": [each for each in files if each.comment_id is None],
        "crumbs": [{"label": _("Recover")}, {"label": _("Incidents"), "url": "/queue/"}, {"label": record.reference}],
        **{f"{name}_url": f"/r/{record.reference}/{part}/" for name, part in ADDRESSES.items()},
        "is_read_only": record.closed_at is not None,
        "can_take": any(offer.move.name == "assign" for offer in found) and record.assignee_id != user.pk,
        "now": at,
    }


def _facts(record: Incident, *, can_edit: bool) -> list[dict[str, Any]]:
    """Names and values of the details panel, each with the address where it is edited."""
    category = record.category
    values = {
        "service": record.service,
        "item": record.item,
        "category": f"{category.parent.name} > {category.name}" if category and category.parent else category,
        "tags": ", ".join(record.tags),
        "affected_count": record.affected_count,
        "symptom": record.symptom,
        "location": record.location,
        "supplier_reference": record.supplier_reference,
        "cause_code": record.cause_code,
        "source": record.get_source_display(),
        "outage_from": record.outage_from and date_format(localtime(record.outage_from), "j M Y, H:i"),
        "outage_to": record.outage_to and date_format(localtime(record.outage_to), "j M Y, H:i"),
        "is_security_related": _("yes") if record.is_security_related else _("no"),
    }
    address = record.get_absolute_url()
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "label": capfirst(str(cast(Any, Incident._meta.get_field(name)).verbose_name)),
            "value": value,
            "edit_url": f"{address}fields/{name}/" if can_edit else "",
            "key": KEYS.get(name, ""),
        }
        for name, value in values.items()
    ]
    levels = f"{record.get_impact_display()} × {record.get_urgency_display()}"
    if record.priority_reason:
        levels = _("%(levels)s, overridden: %(why)s") % {"levels": levels, "why": record.priority_reason}
    rows.insert(3, {"name": "levels", "label": _("Impact × urgency"), "value": levels})
    rows.append({"name": "opened", "label": _("Opened"), "value": moment(record.opened_at)})
    if record.owner:
        rows.append({"name": "owner", "label": _("Owner"), "value": record.owner})
    if record.bounce_count:
        rows.append({"name": "bounces", "label": _("Team changes"), "value": record.bounce_count})
    return rows


def _to(record: Incident, others: list[Any]) -> str:
    return f"{record.requester} + {len(others)}" if others else str(record.requester)


@requires("record.view")
@require_safe
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    """The ticket for those who work on it; requesters are led to their copy."""
    record = record_or_404(request.user, number, Incident) if not access_of(request.user).is_staff_side else None
    if record is not None:
        return see_other(request, f"/portal/requests/{record.reference}/")
    try:
        context = context_of(request, number)
    except Http404:
        # Staff of another organization who follow this one have the requester's view of it.
        record = record_or_404(request.user, number, Incident)
        return see_other(request, f"/portal/requests/{record.reference}/")
    record = context["record"]
    if request.path != record.get_absolute_url():
        return see_other(request, record.get_absolute_url())
    return render(request, "incidents/ticket.html", context)


@requires("record.read_notes")
@require_safe
def news(request: HttpRequest, number: int) -> HttpResponse:
    """What changed since the log entry that the page has seen: 204, or the parts of the page as they are now."""
    record = record_or_404(request.user, number, Incident)
    if not is_worked_on_by(request.user, record):
        raise Http404
    latest = (
        Entry.objects.filter(subject_kind="record", subject_id=number).order_by("-id").values_list("id", flat=True)
    ).first()
    if str(latest or 0) == request.GET.get("after", ""):
        return HttpResponse(status=204)
    return parts(request, number)


def parts(request: HttpRequest, number: int) -> HttpResponse:
    """Head, timeline, clocks and side panel as fragments that replace those of the page by their ids."""
    context = context_of(request, number)
    response = render(request, "incidents/_parts.html", context)
    response["X-Poll-Url"] = (
        f"{context['record'].get_absolute_url()}news/?after={context['timeline'].latest_entry}&show={context['show']}"
    )
    return response


@requires("record.read_notes")
@require_safe
def similar(request: HttpRequest, number: int) -> HttpResponse:
    """Tickets that read alike and were resolved: how they were. Loaded after the page."""
    record = record_or_404(request.user, number, Incident)
    found = page.similar_to(
        request.user, title=record.title, service_id=record.service_id, without=record.pk, is_open=False
    )
    return render(request, "incidents/_similar.html", {"record": record, "similar": found})
