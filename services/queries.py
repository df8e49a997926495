"""Which services and items a person may see and name."""

from typing import Any

from django.db.models import Q

from people.access import access_of
from people.models import Organization
from people.queries import organizations_visible_to

from .models import ConfigurationItem, Offering, Relation, Service, ServiceQuerySet


def services_visible_to(user: Any) -> ServiceQuerySet:
    """
    Every service for the provider's people; for others the live ones that are theirs to use.

    A service is theirs when nothing says for whom it is offered, or an active offering names their organization or
    nobody in particular.
    """
    if not access_of(user).rows("service.view", own=Q(pk=None)):
        return Service.objects.all()
    offered = Offering.objects.filter(is_active=True).filter(
        Q(organizations=None) | Q(organizations=user.organization_id)
    )
    own = Q(stage="live") & (Q(offerings=None) | Q(pk__in=offered.values("service_id")))
    # One row per service: the joins to offerings would repeat it.
    return Service.objects.filter(pk__in=Service.objects.filter(access_of(user).rows("service.view", own=own)))


def items_visible_to(user: Any) -> Any:
    """The items that visible services run on; who sees every service also sees those of none."""
    return _of_visible_services(user, "service.view")


def items_open_to(user: Any) -> Any:
    """The items that the person may look into: attributes, relations, impact. A part of those they may name."""
    return _of_visible_services(user, "item.view")


def _of_visible_services(user: Any, operation: str) -> Any:
    access = access_of(user)
    if not access.allows(operation):
        return ConfigurationItem.objects.none()
    if not access.rows(operation, own=Q(pk=None), organization="service__offerings__organizations"):
        return ConfigurationItem.objects.all()
    visible = services_visible_to(user)
    further = ConfigurationItem.further_services.through.objects.filter(service__in=visible)
    return ConfigurationItem.objects.filter(Q(service__in=visible) | Q(pk__in=further.values("configurationitem_id")))


def supplier_of(row: ConfigurationItem | Service, user: Any) -> Organization | None:
    """Who supplies an item or a service, where the person may see that organization. No statement where nobody does."""
    if row.supplier_id is None:
        return None
    return organizations_visible_to(user).filter(pk=row.supplier_id).first()


def supplier_named_by(*, item_id: int | None, service_id: int | None) -> tuple[int | None, str]:
    """
    Who supplies what something is about: the item's supplier, else the service's.

    :returns: key of the organization, and which of the two names it, `item` or `service`; (None, "") for neither.
    """
    for named, rows, key in (
        ("item", ConfigurationItem.objects, item_id),
        ("service", Service.objects, service_id),
    ):
        found = None if key is None else rows.filter(pk=key).values_list("supplier_id", flat=True).first()
        if found is not None:
            return found, named
    return None, ""


def suppliers_for(present: int | None) -> Any:
    """The organizations to choose a supplier from: those in use that are not the provider; and the present one."""
    others = Q(is_provider=False, is_active=True)
    return Organization.objects.filter(others | Q(pk=present)).order_by("name")


def relations_of(item: ConfigurationItem, user: Any, *, limit: int) -> list[Relation]:
    """
    The item's relations to items that the person may look into, those it points out first.

    :param limit: at most so many; ask for one more to learn whether there are more.
    """
    open_items = items_open_to(user)
    rows = Relation.objects.filter(Q(source=item, target__in=open_items) | Q(target=item, source__in=open_items))
    return list(
        rows.select_related("type", "source__type", "target__type").order_by(
            "type__label", "source__name", "target__name", "id"
        )[:limit]
    )


def services_of(item: ConfigurationItem, user: Any) -> list[Service]:
    """Every service that the item carries and the person may see, the main one first."""
    services = services_visible_to(user).filter(Q(pk=item.service_id) | Q(further_items=item)).distinct()
    return sorted(services, key=lambda each: (each.pk != item.service_id, each.name))
