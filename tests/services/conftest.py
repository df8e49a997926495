"""Items and how they hang together, by name."""

from typing import Any

import pytest

from services.models import ConfigurationItem, ItemType, Relation, RelationType


@pytest.fixture
def item(db: None) -> Any:
    """`item("esx-3", service=vpn)`: an item as it stands in the table."""

    def make(name: str, type: str = "server", **said: Any) -> ConfigurationItem:
        return ConfigurationItem.objects.create(name=name, type=ItemType.objects.get(slug=type), **said)

    return make


@pytest.fixture
def relate(db: None) -> Any:
    """`relate(portal, "runs_on", esx)`: a relation as it stands in the table."""

    def make(source: Any, type: str, target: Any) -> Relation:
        return Relation.objects.create(source=source, type=RelationType.objects.get(slug=type), target=target)

    return make
