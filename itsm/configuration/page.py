"""The page of one item, put together for every door that shows it again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from changes.differences.due import due_date
from changes.differences.forms import VerificationForm
from changes.differences.models import Difference
from changes.differences.queries import latest_verification
from common.time import now
from measurement.periods import today
from people import access
from records import once
from services import attributes
from services.completeness import details_missing
from services.impact import Direction, walk
from services.models import ConfigurationItem, ItemStatus, Relation
from services.queries import relations_of, services_of, supplier_of

from .forms import RelationForm, RetirementForm
from .history import history_of
from .queue import queue_url
from .surroundings import around, work_on

SUMMARY_DEPTH = 5
RELATIONS_SHOWN = 100


def item_page(
    request: HttpRequest,
    item: ConfigurationItem,
    *,
    relating: RelationForm | None = None,
    retiring: RetirementForm | None = None,
    verifying: VerificationForm | None = None,
    token: str = "",
    status: int = 200,
) -> HttpResponse:
    """
    Show the item.

    :param item: read with its names. :param relating: a form that failed; likewise `retiring`, and `verifying` with the
        token it was sent with.
    """
    viewer = request.user
    relations = relations_of(item, viewer, limit=RELATIONS_SHOWN + 1)
    tickets, changes = work_on(item, viewer)
    hit = around(walk([item.pk], Direction.HIT, depth=SUMMARY_DEPTH), viewer)
    may_edit = access.can(viewer, "item.edit")
    verified = latest_verification(item)
    due = due_date(item, seen_at=verified.at if verified else None)
    context = {
        "item": item,
        "crumbs": [{"label": _("Configuration"), "url": reverse("configuration:list")}, {"label": item.name}],
        "services": services_of(item, viewer),
        "supplier": supplier_of(item, viewer),
        "attributes": _attributes(item),
        "relations": [_line(item, each) for each in relations[:RELATIONS_SHOWN]],
        "has_more_relations": len(relations) > RELATIONS_SHOWN,
        "tickets": tickets,
        "queue_url": queue_url(item),
        "changes": changes,
        "hit": hit,
        "hit_items": len(hit.items) - 1,
        "depth": SUMMARY_DEPTH,
        "history": history_of(item, viewer),
        "may_edit": may_edit,
        "relating": relating or (RelationForm() if may_edit else None),
        "retiring": retiring or (RetirementForm() if may_edit else None),
        "is_relating": relating is not None,
        "is_retiring": retiring is not None,
        "verified": verified,
        "due": due,
        "is_overdue": due is not None and due < today(now()),
        "missing": details_missing(item) if item.is_active else [],
        "lacks_way": item.is_active and not hit.services,
        "has_open_differences": Difference.objects.open().filter(verification__item=item).exists(),
        "verifying": verifying or (VerificationForm() if may_edit and item.status != ItemStatus.RETIRED else None),
        "token": token or once.new_token(),
        "is_verifying": verifying is not None,
    }
    return render(request, "configuration/item.html", context, status=status)


def _attributes(item: ConfigurationItem) -> list[tuple[str, str]]:
    """Label and value of what the type asks for, and of values that stayed from an attribute that was removed."""
    known = {each.key: each for each in item.type.attributes.all()} if item.type else {}
    told = [(each.label, attributes.shown(each, item.attributes.get(each.key))) for each in known.values()]
    return [
        *((label, text) for label, text in told if text),
        *((key, str(value)) for key, value in item.attributes.items() if key not in known),
    ]


def _line(item: ConfigurationItem, relation: Relation) -> dict[str, Any]:
    """A relation as read from this item."""
    is_forward = relation.source_id == item.pk
    return {
        "relation": relation,
        "label": relation.type.label if is_forward else relation.type.reverse_label,
        "other": relation.target if is_forward else relation.source,
    }
