"""Services, the configuration items they run on, how these hang together, and imports of them."""

from .imports import ImportRow, ItemImport
from .items import (
    AttributeKind,
    ConfigurationItem,
    ImpactWay,
    ItemStatus,
    ItemType,
    Relation,
    RelationType,
    TypeAttribute,
)
from .service import (
    Criticality,
    Offering,
    Service,
    ServiceDependency,
    ServiceQuerySet,
    Stage,
)

__all__ = [
    "AttributeKind",
    "ConfigurationItem",
    "Criticality",
    "ImpactWay",
    "ImportRow",
    "ItemImport",
    "ItemStatus",
    "ItemType",
    "Offering",
    "Relation",
    "RelationType",
    "Service",
    "ServiceDependency",
    "ServiceQuerySet",
    "Stage",
    "TypeAttribute",
]
