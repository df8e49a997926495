"""What somebody asks the list of items for, and the page of rows that answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from changes.differences.due import overdue
from people.queries import organizations_visible_to
from records.models import Record
from services import completeness
from services.models import ConfigurationItem, ItemStatus, ItemType, Service
from services.queries import items_open_to, services_visible_to

ROWS_A_PAGE = 50
COUNTED_AT_MOST = 1_000
FIELDS = ("q", "type", "service", "status", "team", "supplier", "lacks")
VERIFICATION = "verification"
LACKS = (completeness.OWNER, completeness.SERVICE, completeness.WAY, completeness.DETAILS, VERIFICATION)


@dataclass
class ItemPage:
    """
    :param before: name of the first row, when there are earlier ones; `after` likewise.
    :param count: of all rows that match, at most 1,001.
    """

    rows: list[ConfigurationItem]
    count: int
    before: str = ""
    after: str = ""
    open_work: dict[int, int] = field(default_factory=dict)


@dataclass
class Question:
    """The filters as typed. Unknown values find nothing rather than everything."""

    typed: dict[str, str]

    @classmethod
    def read(cls, query: Any) -> "Question":
        typed = {name: query.get(name, "").replace("\x00", "").strip()[:200] for name in FIELDS}
        return cls({name: value for name, value in typed.items() if value})

    def rows(self, user: Any, *, at: datetime) -> Any:
        """The items asked for, as far as the person may look into them."""
        rows = items_open_to(user)
        if text := self.typed.get("q"):
            rows = rows.filter(Q(name__icontains=text) | Q(external_key=text))
        if slug := self.typed.get("type"):
            rows = rows.filter(type=None) if slug == "none" else rows.filter(type__slug=slug)
        if slug := self.typed.get("service"):
            service = services_visible_to(user).filter(slug=slug).first()
            rows = rows.none() if service is None else rows.carrying(service)
        if slug := self.typed.get("team"):
            rows = rows.filter(team__slug=slug)
        if slug := self.typed.get("supplier"):
            rows = rows.filter(supplier__in=organizations_visible_to(user).filter(slug=slug))
        if what := self.typed.get("lacks"):
            rows = lacking(rows, what, at=at) if what in LACKS else rows.none()
        status = self.typed.get("status", "in-use")
        if status == "in-use":
            return rows.in_use()
        return rows if status == "all" else rows.filter(status=status)

    def page(self, user: Any, *, at: datetime, after: str, before: str) -> ItemPage:
        """
        One page by name.

        :param after: the name of the last row read; `before` of the first one, to go back.
        """
        rows = self.rows(user, at=at)
        count = len(rows.order_by()[: COUNTED_AT_MOST + 1].values_list("pk"))
        shown = rows.with_names()
        if before:
            found = list(shown.filter(name__lt=before).order_by("-name")[: ROWS_A_PAGE + 1])
            has_more_before, has_more_after = len(found) > ROWS_A_PAGE, True
            found = found[:ROWS_A_PAGE][::-1]
        else:
            found = list((shown.filter(name__gt=after) if after else shown).order_by("name")[: ROWS_A_PAGE + 1])
            has_more_before, has_more_after = bool(after), len(found) > ROWS_A_PAGE
            found = found[:ROWS_A_PAGE]
        return ItemPage(
            rows=found,
            count=count,
            before=found[0].name if found and has_more_before else "",
            after=found[-1].name if found and has_more_after else "",
            open_work=open_work_on(user, [each.pk for each in found]),
        )

    def address(self, **more: str) -> str:
        """The query of the address, with these parameters besides."""
        return "?" + urlencode(self.typed | {name: value for name, value in more.items() if value})

    def chips(self, choices: "Choices") -> list[dict[str, str]]:
        """The filters in words, each with the address without it."""
        words = {
            "q": (_("text"), {}),
            "type": (_("type"), dict(choices.types)),
            "service": (_("service"), dict(choices.services)),
            "status": (_("status"), dict(choices.statuses)),
            "team": (_("team"), {}),
            "supplier": (_("supplier"), {}),
            "lacks": (_("without"), dict(choices.lacks)),
        }
        return [
            {
                "label": f"{words[name][0]}: {words[name][1].get(value, value)}",
                "remove_url": "?" + urlencode({n: v for n, v in self.typed.items() if n != name}),
            }
            for name, value in self.typed.items()
        ]


@dataclass(frozen=True)
class Choices:
    """What the filters offer, as (value, label)."""

    types: list[tuple[str, str]]
    services: list[tuple[str, str]]
    statuses: list[tuple[str, Any]]
    lacks: list[tuple[str, Any]]

    @classmethod
    def for_person(cls, user: Any) -> "Choices":
        return cls(
            types=list(ItemType.objects.values_list("slug", "name")),
            services=list(_named(services_visible_to(user))),
            lacks=[
                (completeness.OWNER, _("an owner")),
                (completeness.SERVICE, _("a service of its own")),
                (completeness.WAY, _("a way to a service")),
                (completeness.DETAILS, _("details that its type requires")),
                (VERIFICATION, _("a verification in time")),
            ],
            statuses=[("in-use", _("in use")), *ItemStatus.choices, ("all", _("all"))],
        )


def lacking(rows: Any, what: str, *, at: datetime) -> Any:
    """Those of the items that lack it at a moment. :param what: one of `LACKS`."""
    return overdue(rows, at=at) if what == VERIFICATION else completeness.lacking(rows, what)


def _named(services: Any) -> Any:
    rows: Any = services if services is not None else Service.objects.none()
    return rows.order_by("name").values_list("slug", "name")


def open_work_on(user: Any, items: list[int]) -> dict[int, int]:
    """How many open records the person may see on each of these items."""
    rows = Record.objects.visible_to(user).open().filter(item__in=items).order_by()
    return dict(rows.values_list("item").annotate(count=Count("pk")))
