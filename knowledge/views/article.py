"""The page of an article for those who work with it: what readers see, its draft, versions, uses and readers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from common.forms import tell
from common.numbers import version_in
from common.refusals import NotAllowed, Refused
from people.access import Access, can
from people.doors import requires
from records.enums import REVERSE_LABELS, LinkKind
from records.field_forms import COMMON_FIELDS
from records.views.base import pressed, see_other
from records.views.page import RecordPage

from .. import diff, operations, queries, reading, showing
from ..enums import Audience
from ..forms import AudienceForm
from ..models import Article

NOTHING_TO_DO = frozenset({"no_draft", "not_submitted", "submitted"})
EDITED_IN_PLACE = ("service", "category", "tags")


class ArticlePage(RecordPage):
    """What is known, who reads it, whom it helped."""

    kind = "article"
    list_url = "/kb/"
    template = "knowledge/article.html"
    fields = {name: COMMON_FIELDS[name] for name in EDITED_IN_PLACE}
    facts = EDITED_IN_PLACE
    side = (
        "knowledge/_readers.html",
        "records/page/_details.html",
        "knowledge/_uses.html",
        "records/page/_links.html",
        "records/page/_checklist.html",
        "records/page/_followers.html",
        "records/page/_files.html",
    )

    def context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """What every page of a record shows, without what the fragments of articles show better."""
        found = super().context(request, record)
        answered = REVERSE_LABELS[LinkKind.ANSWERED_WITH]
        found["links"] = [each for each in found["links"] if each.label != answered]
        # A move for which there is nothing to submit, or nothing that was, is not in anybody's way.
        found["offers"] = [
            offer for offer in found["offers"] if not any(each.code in NOTHING_TO_DO for each in offer.unmet)
        ]
        return found

    def rows(self, record: Any, *, can_edit: bool) -> list[dict[str, Any]]:
        rows = [row for row in super().rows(record, can_edit=can_edit) if row["name"] != "levels"]
        if record.review_date:
            rows.append(
                {"name": "review_date", "label": _("Review on"), "value": date_format(record.review_date, "j M Y")}
            )
        return rows

    def more(self, request: HttpRequest, record: Article, *, access: Access, at: datetime) -> Mapping[str, Any]:
        record.description = ""  # the same words as the version, which is shown as an article
        draft = reading.draft_of(record)
        version = record.published or draft
        uses, use_count = queries.uses_of(record, request.user)
        chosen = reading.organization_ids_of(record)
        is_open = record.closed_at is None
        return {
            "can_edit": False,  # the subject and the priority: the one is written in a version, the other of no use
            "can_reply": False,
            "version": version,
            "parts": showing.parts(version) if version else [],
            "draft": draft,
            "can_write": is_open and record.submitted_at is None and access.allows_on("article.edit", record),
            "can_choose": is_open
            and access.allows_on("article.publish" if record.published_id else "article.edit", record),
            "organizations": _names(record, chosen),
            "uses": uses,
            "use_count": use_count,
            "unhelped": queries.unhelped(record),
            "sources": [each for each in queries.sources_of(record) if can(request.user, "record.view", each)],
        }


def _names(article: Article, chosen: set[int]) -> list[str]:
    if article.audience != Audience.CUSTOMERS:
        return []
    return list(article.organizations.filter(pk__in=chosen).values_list("name", flat=True).order_by("name"))


@requires("article.view")
@require_safe
def versions(request: HttpRequest, number: int) -> HttpResponse:
    """All versions, and what one changed against another: word by word."""
    article = ArticlePage.worked_on(request.user, number)
    every = list(article.versions.select_related("author", "published_by").order_by("-number"))
    if not every:
        raise Http404
    by_number = {str(each.number): each for each in every}
    new = by_number.get(request.GET.get("to", ""), every[0])
    older = [each for each in every if each.number < new.number]
    old = by_number.get(request.GET.get("from", ""), older[0] if older else None)
    if old is not None and old.number >= new.number:
        old, new = (new, old) if old.number > new.number else (None, new)
    votes = queries.votes_by_version(article)
    return render(
        request,
        "knowledge/versions.html",
        {
            "record": article,
            "rows": [(each, votes.get(each.pk)) for each in every],
            "old": old,
            "new": new,
            "diff": diff.between(old, new),
            "now": now(),
        },
    )


@requires("article.edit")
@require_POST
def draft_removal(request: HttpRequest, number: int) -> HttpResponse:
    """Throw away the draft beside the published version."""
    article = ArticlePage.worked_on(request.user, number)
    return pressed(
        request, lambda: operations.discard(article=article, by=request.user, at=now()),
        url=article.get_absolute_url(), said=_("Draft thrown away. Readers see what they saw before."),
    )  # fmt: skip


@method_decorator(requires("article.edit"), name="dispatch")
class AudienceDoor(View):
    """Choose who reads it."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        article = ArticlePage.worked_on(request.user, number)
        chosen = reading.organization_ids_of(article)
        form = AudienceForm(
            viewer=request.user,
            chosen=chosen,
            initial={"audience": article.audience, "organizations": sorted(chosen)},
        )
        return self._ask(request, article, form)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        article = ArticlePage.worked_on(request.user, number)
        form = AudienceForm(request.POST, viewer=request.user, chosen=reading.organization_ids_of(article))
        if not form.is_valid():
            return self._ask(request, article, form, status=422)
        version = request.POST.get("version", "")
        try:
            operations.set_audience(
                article=article,
                by=request.user,
                at=now(),
                version=version_in(version),
                **form.cleaned_data,
            )
        except NotAllowed:
            raise
        except Refused as refused:
            tell(form, refused.refusals)
            return self._ask(request, article, form, status=422)
        messages.success(request, _("Readers chosen."))
        return see_other(request, article.get_absolute_url())

    def _ask(self, request: HttpRequest, article: Article, form: AudienceForm, *, status: int = 200) -> HttpResponse:
        context = {"record": article, "form": form, "sources": queries.sources_of(article)}
        return render(request, "knowledge/audience.html", context, status=status)
