"""What stands around the items and services that a walk found: open work, planned changes, agreements, people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from people import access
from records.models import Record
from services.impact import Direction, Reach, Walk, reach_of
from services.models import ConfigurationItem, Service
from services.queries import items_open_to, services_visible_to
from slm.models import Agreement

RECORDS_SHOWN, MOST_RECORDS = 10, 500
AGREEMENTS_SHOWN = 25


@dataclass
class Work:
    """Some open records, the most urgent first, and how many there are in all."""

    shown: list[Record] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


@dataclass
class Surroundings:
    """
    A walk as one person may see it.

    :param items: by key, as far as the person may look into them; :param services: likewise.
    :param hidden: how many items and services were found that they may not see: counted, never named.
    :param open_work: open records the person may see, by key of item or service.
    """

    walk: Walk
    items: dict[int, ConfigurationItem]
    services: dict[int, Service]
    hidden: int
    reach: Reach
    agreements: list[Agreement]
    tickets: Work
    changes: Work
    open_work: dict[int, int]

    def node(self, key: int) -> ConfigurationItem | Service | None:
        return self.items.get(key) if key > 0 else self.services.get(-key)

    @property
    def shown(self) -> list[int]:
        """Keys of everything that may be shown, nearest first."""
        return [key for key in self.walk if self.node(key) is not None]


def around(walk: Walk, viewer: Any, *, records_shown: int = RECORDS_SHOWN) -> Surroundings:
    """Look up everything that a page of impact names, with a fixed number of statements."""
    start = {key for key, depth in walk.depths.items() if depth == 0}
    items = {each.pk: each for each in items_open_to(viewer).with_names().filter(pk__in=walk.items)}
    seen_services = services_visible_to(viewer).filter(pk__in=walk.services).select_related("support_team")
    services = {each.pk: each for each in seen_services}
    named = len(items) + len(services)
    reach = reach_of(services, viewer) if walk.direction == Direction.HIT else Reach()
    records = Record.objects.visible_to(viewer).open()
    about = records.filter(Q(item__in=list(items)) | Q(service__in=list(services)))
    changes, tickets = about.filter(kind="change"), about.exclude(kind="change")
    return Surroundings(
        walk=walk,
        items=items,
        services=services,
        hidden=len(walk) - named,
        reach=reach,
        agreements=_agreements(services, reach, viewer) if walk.direction == Direction.HIT else [],
        tickets=_work(tickets, records_shown),
        changes=_work(changes, records_shown),
        open_work=_open_work(records, [*items, *(-key for key in services)], start),
    )


def work_on(item: ConfigurationItem, viewer: Any) -> tuple[Work, Work]:
    """Open tickets on the item itself, and open changes to it."""
    records = Record.objects.visible_to(viewer).open().filter(item=item)
    return _work(records.exclude(kind="change")), _work(records.filter(kind="change"))


def _work(records: Any, limit: int = RECORDS_SHOWN) -> Work:
    shown = list(records.select_related("team", "assignee").order_by("priority", "pk")[:limit])
    return Work(shown, len(shown) if len(shown) < limit else records.order_by().count())


def _open_work(records: Any, keys: Iterable[int], start: set[int]) -> dict[int, int]:
    """Open records by node: those on the items themselves, and for services those that name no item."""
    known = list(keys)
    on_items = records.filter(item__in=[key for key in known if key > 0]).order_by().values_list("item")
    about = records.filter(service__in=[-key for key in known if key < 0], item=None).order_by().values_list("service")
    return dict(on_items.annotate(count=Count("pk"))) | {
        -key: count for key, count in about.annotate(count=Count("pk"))
    }


def _agreements(services: Iterable[int], reach: Reach, viewer: Any) -> list[Agreement]:
    """Agreements in force that name one of the services, or an organization that is hit, or everybody."""
    named = list(services)
    if not named or not access.can(viewer, "agreement.view"):
        return []
    organizations = [organization.pk for organization, _people in reach.organizations]
    general = Q(service=None) & (Q(organization__in=organizations) | Q(organization=None, requester=None))
    rows = Agreement.objects.in_force().with_customers().filter(Q(service__in=named) | general)
    return list(rows.select_related("service", "organization").order_by("name")[:AGREEMENTS_SHOWN])
