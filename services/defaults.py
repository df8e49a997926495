"""The types of items and relations that every installation begins with; the set-up pages change them."""

from .models import AttributeKind, ImpactWay, ItemType, RelationType, TypeAttribute
from .models.items import DEFAULT_VERIFY_DAYS

TEXT, NUMBER, DATE = AttributeKind.TEXT, AttributeKind.NUMBER, AttributeKind.DATE
ENVIRONMENT = ("environment", "Environment", AttributeKind.CHOICE, ["production", "test", "development"])
SERIAL: tuple[str, str, str, list[str]] = ("serial_number", "Serial number", TEXT, [])
TYPES: dict[str, tuple[str, list[tuple[str, str, str, list[str]]]]] = {
    "server": (
        "Server",
        [ENVIRONMENT, ("operating_system", "Operating system", TEXT, []), ("memory_gb", "Memory in GB", NUMBER, [])],
    ),
    "application": ("Application", [ENVIRONMENT, ("release", "Release", TEXT, []), ("vendor", "Vendor", TEXT, [])]),
    "database": ("Database", [ENVIRONMENT, ("engine", "Engine", TEXT, []), ("release", "Release", TEXT, [])]),
    "network-device": (
        "Network device",
        [SERIAL, ("model", "Model", TEXT, []), ("management_address", "Management address", TEXT, [])],
    ),
    "connection": (
        "Connection",
        [("provider", "Provider", TEXT, []), ("bandwidth_mbit", "Mbit per second", NUMBER, [])],
    ),
    "storage": ("Storage", [SERIAL, ("capacity_tb", "Capacity in TB", NUMBER, [])]),
    "workstation": (
        "Workstation",
        [SERIAL, ("model", "Model", TEXT, []), ("warranty_until", "Warranty until", DATE, [])],
    ),
    "printer": ("Printer", [SERIAL, ("model", "Model", TEXT, []), ("floor", "Floor", TEXT, [])]),
    "facility": ("Facility", [("address", "Address", TEXT, [])]),
}
# Where it is not a year within which an item is looked at again; a building stays where it is.
VERIFY_DAYS: dict[str, int | None] = {
    "server": 180, "database": 180, "storage": 180, "network-device": 90, "facility": None,
}  # fmt: skip
RELATIONS = (
    ("runs_on", "runs on", "carries", ImpactWay.TO_SOURCE),
    ("depends_on", "depends on", "is needed by", ImpactWay.TO_SOURCE),
    ("part_of", "is part of", "has the part", ImpactWay.TO_TARGET),
    ("connected_to", "is connected to", "is connected to", ImpactWay.NONE),
    ("backed_up_by", "is backed up by", "backs up", ImpactWay.NONE),
)


def ensure_default_types() -> None:
    """Ship the types once: what somebody renamed or removed afterwards does not come back."""
    if RelationType.objects.exists():
        return
    RelationType.objects.bulk_create(
        RelationType(slug=slug, label=label, reverse_label=reverse, impact=impact)
        for slug, label, reverse, impact in RELATIONS
    )
    for slug, (name, attributes) in TYPES.items():
        if ItemType.objects.filter(name=name).exists() or ItemType.objects.filter(slug=slug).exists():
            continue
        days = VERIFY_DAYS.get(slug, DEFAULT_VERIFY_DAYS)
        made = ItemType.objects.create(slug=slug, name=name, verify_days=days)
        TypeAttribute.objects.bulk_create(
            TypeAttribute(type=made, key=key, label=label, kind=kind, choices=choices, position=position)
            for position, (key, label, kind, choices) in enumerate(attributes)
        )
