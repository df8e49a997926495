"""What items lack that is wanted of them: an owner, a way to a service, the details that their type requires."""

from typing import Any

from common.named_sql import NamedSQL

from .impact.walking import types_by_way
from .models import ConfigurationItem, TypeAttribute

# Backward from the items that carry a service: everything in use whose failure reaches one, however far. UNION passes
# each item once, so that circles end.
REACHING = """
    WITH RECURSIVE reaching (id) AS (
        SELECT c.id FROM services_configurationitem c WHERE c.is_active AND (
            EXISTS (SELECT 1 FROM services_service s WHERE s.id = c.service_id AND s.stage <> 'retired')
            OR EXISTS (
                SELECT 1 FROM services_configurationitem_further_services f JOIN services_service s
                ON s.id = f.service_id WHERE f.configurationitem_id = c.id AND s.stage <> 'retired'
            )
        )
        UNION
        SELECT n.id FROM reaching w CROSS JOIN LATERAL (
            SELECT r.target_id FROM services_relation r WHERE r.source_id = w.id AND r.type_id = ANY(%(to_source)s)
            UNION ALL
            SELECT r.source_id FROM services_relation r WHERE r.target_id = w.id AND r.type_id = ANY(%(to_target)s)
            OFFSET 0
        ) n (id) JOIN services_configurationitem c ON c.id = n.id AND c.is_active
    )
"""
MISSING_DETAILS = """
    SELECT c.id FROM services_configurationitem c JOIN services_typeattribute a
    ON a.type_id = c.type_id AND a.is_required WHERE NOT jsonb_exists(c.attributes, a.key)
"""
OWNER, SERVICE, WAY, DETAILS = "owner", "service", "way", "details"


def lacking(rows: Any, what: str) -> Any:
    """
    Those of the items that lack it.

    :param what: `owner`; `service`: one of its own; `way`: its failure reaches no service, by itself or over relations;
        `details`: attributes that its type requires, which may have become required after it was entered.
    """
    if what == OWNER:
        return rows.filter(owner=None)
    if what == SERVICE:
        return rows.filter(service=None, further_services=None)
    if what == WAY:
        reaching = NamedSQL(f"{REACHING} SELECT id FROM reaching", types_by_way())  # noqa: S608 - our own words
        return rows.exclude(pk__in=reaching)
    return rows.filter(pk__in=NamedSQL(MISSING_DETAILS, {}))


def details_missing(item: ConfigurationItem) -> list[TypeAttribute]:
    """The attributes that the item's type requires and that nobody said of it."""
    known = item.type.attributes.all() if item.type else []
    return [each for each in known if each.is_required and each.key not in item.attributes]
