"""The page of a record for those who work on it, and what keeps it fresh. Each practice declares its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View

from audit.models import Entry
from common.templatetags.steward import moment
from people.access import Access, access_of
from people.doors import requires

from .. import page, panels, practices, timeline
from ..enums import LinkKind
from ..field_forms import COMMON_FIELDS, Makers
from ..models import AfterReply
from ..rendering import render as render_text
from ..transitions import offers
from .base import address_for, is_worked_on_by, record_or_404, see_other

ACTS = ("record.reply", "record.attach", "record.link", "record.add_watcher", "record.task")
ADDRESSES = {"reply": "replies", "reply_draft": "drafts/reply", "note": "notes", "note_draft": "drafts/note"}
FIELD_KEYS = {"service": "v", "tags": "t"}
SIDE = ("_person", "_details", "_links", "_checklist", "_followers", "_files")


@method_decorator(requires("record.view"), name="dispatch")
class RecordPage(View):
    """
    The page of one kind of record.

    :cvar fields: what can be edited in place, name -> maker of its form field; those named in `facts` show it.
    :cvar facts: names of the fields in the details panel, in order.
    :cvar head: fragment below the heading's facts. :cvar tools: fragment at the head of the side, for clocks.
    :cvar side: fragments of the side, in order. :cvar is_taken_by_key: the practice has the act `taking`.
    """

    http_method_names = ["get", "head"]
    kind: ClassVar[str]
    list_url: ClassVar[str] = "/queue/"
    fields: ClassVar[Makers] = COMMON_FIELDS
    facts: ClassVar[tuple[str, ...]] = ("service", "item", "category", "tags", "location")
    template: ClassVar[str] = "records/page/page.html"
    head: ClassVar[str] = ""
    tools: ClassVar[str] = ""
    side: ClassVar[tuple[str, ...]] = tuple(f"records/page/{name}.html" for name in SIDE)
    is_taken_by_key: ClassVar[bool] = False

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """The page; people who may only follow the record are led to their copy of it."""
        record = self.find(request.user, number)
        if record is None or not is_worked_on_by(request.user, record):
            return see_other(request, address_for(request.user, record_or_404(request.user, number, self.model())))
        if request.path != record.get_absolute_url():
            return see_other(request, record.get_absolute_url())
        return render(request, self.template, self.context(request, record))

    @classmethod
    def model(cls) -> Any:
        return practices.of(cls.kind).model

    @classmethod
    def address_of(cls, record: Any, name: str) -> str:
        """Where a field is shown, to go back to after it was edited on a page of its own."""
        address: str = record.get_absolute_url()
        return address

    @classmethod
    def find(cls, user: Any, number: int) -> Any:
        """The record as this person may see it; None when they may see none."""
        return cls.model().objects.visible_to(user).filter(pk=number).first()

    @classmethod
    def worked_on(cls, user: Any, number: int) -> Any:
        """:raises Http404: there is no such record that the person may see from the inside."""
        record = cls.find(user, number)
        if record is None or not is_worked_on_by(user, record):
            raise Http404
        return record

    def more(self, request: HttpRequest, record: Any, *, access: Access, at: datetime) -> Mapping[str, Any]:
        """What this practice's own fragments show."""
        return {}

    def value_of(self, record: Any, name: str) -> Any:
        """A field as the details panel shows it."""
        if name == "category" and record.category and record.category.parent:
            return f"{record.category.parent.name} > {record.category.name}"
        if name == "tags":
            return ", ".join(record.tags)
        display = getattr(record, f"get_{name}_display", None)
        value = display() if display is not None else getattr(record, name)
        return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else value

    def rows(self, record: Any, *, can_edit: bool) -> list[dict[str, Any]]:
        """Names and values of the details panel, each with the address where it is edited."""
        address = record.get_absolute_url()
        found: list[dict[str, Any]] = [
            {
                "name": name,
                "label": capfirst(str(record._meta.get_field(name).verbose_name)),
                "value": self.value_of(record, name),
                "edit_url": f"{address}fields/{name}/" if can_edit and name in self.fields else "",
                "key": FIELD_KEYS.get(name, ""),
            }
            for name in self.facts
        ]
        levels = f"{record.get_impact_display()} × {record.get_urgency_display()}"
        if record.priority_reason:
            levels = _("%(levels)s, overridden: %(why)s") % {"levels": levels, "why": record.priority_reason}
        found.insert(3, {"name": "levels", "label": _("Impact × urgency"), "value": levels})
        found.append({"name": "opened", "label": _("Opened"), "value": moment(record.opened_at)})
        if record.owner:
            found.append({"name": "owner", "label": _("Owner"), "value": record.owner})
        if record.bounce_count:
            found.append({"name": "bounces", "label": _("Team changes"), "value": record.bounce_count})
        return found

    def context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Everything that the page shows."""
        user, at = request.user, now()
        access = access_of(user)
        show = request.GET.get("show", timeline.ALL)
        if show not in timeline.FILTERS:
            show = timeline.ALL
        hanging = page.hanging_on(user, record)
        files = page.files_of(record, hanging.files)
        story = timeline.of_staff(
            record,
            files=files,
            viewer=user,
            titles={row["number"]: row["title"] for row in hanging.links},
            show=show,
            everything="everything" in request.GET,
        )
        drafts = page.drafts_of(hanging.drafts)
        found = offers(record, by=user, at=at)
        others = [row for row in hanging.watchers if row["id"] not in (record.requester_id, user.pk)]
        to = f"{record.requester} + {len(others)}" if others else str(record.requester)
        held = drafts.get("held")
        is_open = record.closed_at is None
        can_edit = is_open and access.allows_on(f"{record.kind}.edit", record)
        return {
            "record": record,
            "show": show,
            "timeline": story,
            "tabs": timeline.tabs(story.counts, show=show, path=record.get_absolute_url()),
            "no_lines": timeline.no_lines(show),
            "offers": found,
            "sends": [
                (name, send.label % {"to": to})
                for name, send in record.practice.sends.items()
                if any(offer.move.name == send.move and offer.is_possible for offer in found)
            ],
            "to": to,
            "reply": drafts.get("reply"),
            "note": drafts.get("note"),
            "left_by_others": page.shared_drafts_of(hanging.drafts),
            "after_reply": page.habit_of(hanging.habits),
            "after_choices": AfterReply.choices,
            "may_queue": access.allows("record.queue"),
            "held": held,
            "held_seconds": max(0, (held.send_at - at).total_seconds()) if held and held.send_at else 0,
            "held_html": render_text(held.text) if held else "",
            "open_of_requester": page.open_of_requester(user, record),
            "links": page.links_of(hanging.links),
            "link_kinds": [
                each for each in LinkKind.choices if each[0] != LinkKind.RELEASED_IN or practices.is_gathered(self.kind)
            ],
            "tasks": page.tasks_of(hanging.tasks),
            "outside": page.outside_of(hanging.outside),
            "watchers": hanging.watchers,
            "is_followed": any(row["id"] == user.pk for row in hanging.watchers),
            **{f"can_{name.rpartition('.')[2]}": is_open and access.allows_on(name, record) for name in ACTS},
            "can_edit": can_edit,
            "can_note": access.allows_on("record.note", record),
            "description": render_text(record.description),
            "facts": self.rows(record, can_edit=can_edit),
            "loose_files": [each for each in files if each.comment_id is None],
            "crumbs": [
                {"label": practices.PROCESSES[record.practice.process]},
                {"label": capfirst(str(record.practice.label_plural)), "url": self.list_url},
                {"label": record.reference},
            ],
            **{f"{name}_url": f"/r/{record.reference}/{part}/" for name, part in ADDRESSES.items()},
            "is_read_only": not is_open,
            "can_take": self.is_taken_by_key
            and record.assignee_id != user.pk
            and any(offer.move.name == "assign" for offer in found),
            "reason_label": record.state_reason,
            "offspring": practices.raised_from(record.kind, access),
            "panels": panels.beside(record, access),
            "now": at,
            "head": self.head,
            "tools": self.tools,
            "side": self.side,
            **self.more(request, record, access=access, at=at),
        }

    def parts(self, request: HttpRequest, record: Any) -> HttpResponse:
        """Head, timeline and side as fragments that replace those of the page by their ids."""
        context = self.context(request, record)
        response = render(request, "records/page/_parts.html", context)
        response["X-Poll-Url"] = (
            f"{record.get_absolute_url()}news/?after={context['timeline'].latest_entry}&show={context['show']}"
        )
        return response


@method_decorator(requires("record.read_notes"), name="dispatch")
class News(View):
    """What changed since the log entry that the page has seen: 204, or the parts of the page as they are now."""

    http_method_names = ["get", "head"]
    page: Any = None

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        record = self.page.worked_on(request.user, number)
        latest = (
            Entry.objects.filter(subject_kind="record", subject_id=number).order_by("-id").values_list("id", flat=True)
        ).first()
        if str(latest or 0) == request.GET.get("after", ""):
            return HttpResponse(status=204)
        return self.page().parts(request, record)
