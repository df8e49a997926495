"""Which services and items a person may see and name."""

from typing import Any

from django.db.models import Q, QuerySet

from people.access import access_of

from .models import ConfigurationItem, Offering, Service, ServiceQuerySet


def services_visible_to(user: Any) -> ServiceQuerySet:
    """
    Every service for the provider's people; for others the live ones that are theirs to use.

    A service is theirs when nothing says for whom it is offered, or an active offering names their organization or
    nobody in particular.
    """
    offered = Offering.objects.filter(is_active=True).filter(
        Q(organizations=None) | Q(organizations=user.organization_id)
    )
    own = Q(stage="live") & (Q(offerings=None) | Q(pk__in=offered.values("service_id")))
    condition = access_of(user).rows("service.view", own=own)
    # One row per service: the joins to offerings would repeat it.
    return Service.objects.filter(pk__in=Service.objects.filter(condition)) if condition else Service.objects.all()


def items_visible_to(user: Any) -> QuerySet[ConfigurationItem]:
    """The items that visible services run on; who sees every service also sees those of none."""
    if not access_of(user).rows("service.view", own=Q(pk=None)):
        return ConfigurationItem.objects.all()
    return ConfigurationItem.objects.filter(service__in=services_visible_to(user))
