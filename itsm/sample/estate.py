"""What the six sample services run on: sixty items, a circle among them, and a gateway that much hangs on."""

from datetime import datetime, timedelta
from typing import Any

from services import operations
from services.models import ConfigurationItem, Criticality, ItemType, RelationType, Service, ServiceDependency

from .cast import ENTERED, Cast

VITAL, IMPORTANT, USEFUL = Criticality.VITAL, Criticality.IMPORTANT, Criticality.USEFUL
NETWORK, MAIL, FINANCE = "Network and VPN", "E-mail and calendar", "Finance (SAP)"
WORKPLACE, PORTAL, PRINTING = "Workplace", "Customer portal", "Printing"
# name: (type, service, criticality, attributes)
Line = tuple[str, str | None, int, dict[str, Any]]
ITEMS: dict[str, Line] = {
    "oslo-dc": ("facility", None, VITAL, {"address": "Sandakerveien 64, Oslo"}),
    "oslo-office": ("facility", None, IMPORTANT, {"address": "Karl Johans gate 12, Oslo"}),
    "ups-1": ("facility", None, VITAL, {}),
    "rack-a": ("facility", None, VITAL, {}),
    "rack-b": ("facility", None, VITAL, {}),
    "fiber-primary": ("connection", None, VITAL, {"bandwidth_mbit": 10_000}),
    "fiber-backup": ("connection", None, IMPORTANT, {"bandwidth_mbit": 1_000}),
    "core-switch-a": ("network-device", NETWORK, VITAL, {"model": "QFX5120", "serial_number": "QF-20931"}),
    "core-switch-b": ("network-device", NETWORK, VITAL, {"model": "QFX5120", "serial_number": "QF-20977"}),
    "floor-switch-3": ("network-device", NETWORK, USEFUL, {"model": "EX2300"}),
    "floor-switch-5": ("network-device", NETWORK, USEFUL, {"model": "EX2300"}),
    "wifi-controller": ("network-device", NETWORK, IMPORTANT, {"model": "WLC 9800"}),
    "firewall-1": ("network-device", NETWORK, VITAL, {"model": "SRX380"}),
    "firewall-2": ("network-device", NETWORK, IMPORTANT, {"model": "SRX380"}),
    "vpn-gw-1": ("network-device", NETWORK, IMPORTANT, {"model": "ASR 1001", "management_address": "10.0.8.11"}),
    "vpn-gw-2": ("network-device", NETWORK, VITAL, {"model": "ASR 1001", "management_address": "10.0.8.12"}),
    "dns-1": ("application", NETWORK, VITAL, {"environment": "production", "release": "BIND 9.18"}),
    "dhcp-1": ("application", NETWORK, VITAL, {"environment": "production"}),
    "directory-1": ("application", NETWORK, VITAL, {"environment": "production", "release": "2022"}),
    "directory-2": ("application", NETWORK, IMPORTANT, {"environment": "production", "release": "2022"}),
    "esx-1": ("server", None, VITAL, {"environment": "production", "memory_gb": 768}),
    "esx-2": ("server", None, VITAL, {"environment": "production", "memory_gb": 768}),
    "esx-3": ("server", None, VITAL, {"environment": "production", "memory_gb": 512}),
    "esx-4": ("server", None, USEFUL, {"environment": "test", "memory_gb": 256}),
    "san-1": ("storage", None, VITAL, {"capacity_tb": 240}),
    "san-2": ("storage", None, VITAL, {"capacity_tb": 240}),
    "backup-1": ("storage", None, IMPORTANT, {"capacity_tb": 800}),
    "mail-cluster": ("application", MAIL, IMPORTANT, {"environment": "production", "release": "2019 CU14"}),
    "mail-node-1": ("server", MAIL, IMPORTANT, {"environment": "production", "memory_gb": 64}),
    "mail-node-2": ("server", MAIL, IMPORTANT, {"environment": "production", "memory_gb": 64}),
    "mail-store": ("database", MAIL, IMPORTANT, {"environment": "production"}),
    "spam-filter": ("application", MAIL, USEFUL, {"environment": "production", "vendor": "Clearway"}),
    "calendar-sync": ("application", MAIL, USEFUL, {"environment": "production"}),
    "sap-prod": ("application", FINANCE, VITAL, {"environment": "production", "release": "S/4 2022", "vendor": "SAP"}),
    "sap-app-1": ("server", FINANCE, VITAL, {"environment": "production", "memory_gb": 256}),
    "sap-app-2": ("server", FINANCE, VITAL, {"environment": "production", "memory_gb": 256}),
    "sap-db": ("database", FINANCE, VITAL, {"environment": "production", "engine": "HANA", "release": "2.0 SPS 06"}),
    "sap-test": ("application", FINANCE, USEFUL, {"environment": "test", "release": "S/4 2023", "vendor": "SAP"}),
    "sap-print-spool": ("application", FINANCE, USEFUL, {"environment": "production"}),
    "payroll-interface": ("application", FINANCE, IMPORTANT, {"environment": "production"}),
    "laptop-fleet": ("workstation", WORKPLACE, USEFUL, {"model": "Latitude 5440"}),
    **{
        f"laptop-{number:03}": ("workstation", WORKPLACE, USEFUL, {"model": "Latitude 5440"})
        for number in range(101, 109)
    },
    "software-depot": ("application", WORKPLACE, USEFUL, {"environment": "production"}),
    "portal-web-1": ("server", PORTAL, IMPORTANT, {"environment": "production", "memory_gb": 32}),
    "portal-web-2": ("server", PORTAL, IMPORTANT, {"environment": "production", "memory_gb": 32}),
    "portal-app": ("application", PORTAL, IMPORTANT, {"environment": "production", "release": "7.4"}),
    "portal-db": (
        "database",
        PORTAL,
        IMPORTANT,
        {"environment": "production", "engine": "PostgreSQL", "release": "16"},
    ),
    "portal-cache": ("application", PORTAL, USEFUL, {"environment": "production"}),
    "load-balancer": ("network-device", PORTAL, IMPORTANT, {"model": "BIG-IP i2800"}),
    "print-server": ("server", PRINTING, USEFUL, {"environment": "production", "memory_gb": 16}),
    "printer-3f": ("printer", PRINTING, USEFUL, {"model": "bizhub C360i", "floor": "3"}),
    "printer-5f": ("printer", PRINTING, USEFUL, {"model": "bizhub C360i", "floor": "5"}),
}
RELATIONS = {
    "part_of": "rack-a oslo-dc, rack-b oslo-dc, mail-node-1 mail-cluster, mail-node-2 mail-cluster",
    "runs_on": """
        esx-1 rack-a, esx-2 rack-a, esx-3 rack-b, esx-4 rack-b, san-1 rack-a, san-2 rack-b, core-switch-a rack-a,
        core-switch-b rack-b, firewall-1 rack-a, firewall-2 rack-b, vpn-gw-1 rack-a, vpn-gw-2 rack-b, rack-a ups-1,
        rack-b ups-1, mail-node-1 esx-1, mail-node-2 esx-2, mail-store esx-2, spam-filter esx-1, calendar-sync esx-3,
        sap-app-1 esx-1, sap-app-2 esx-2, sap-db esx-3, sap-test esx-4, sap-print-spool esx-3, payroll-interface esx-3,
        sap-prod sap-app-1, sap-prod sap-app-2, portal-web-1 esx-1, portal-web-2 esx-2, portal-db esx-3,
        portal-cache esx-3, portal-app portal-web-1, portal-app portal-web-2, print-server esx-2, directory-1 esx-1,
        directory-2 esx-3, dns-1 esx-1, dhcp-1 esx-2, software-depot esx-4, floor-switch-3 oslo-office,
        floor-switch-5 oslo-office
    """,
    "depends_on": """
        esx-1 san-1, esx-2 san-1, esx-3 san-2, esx-4 san-2, core-switch-a fiber-primary, core-switch-b fiber-backup,
        vpn-gw-1 firewall-1, vpn-gw-2 firewall-1, vpn-gw-2 core-switch-a, firewall-1 core-switch-a,
        firewall-2 core-switch-b, floor-switch-3 core-switch-a, floor-switch-5 core-switch-b,
        wifi-controller core-switch-a, dns-1 dhcp-1, dhcp-1 directory-1, directory-1 dns-1, mail-cluster directory-1,
        mail-cluster mail-store, calendar-sync mail-cluster, mail-cluster spam-filter, sap-prod sap-db,
        sap-prod directory-1, payroll-interface sap-prod, payroll-interface vpn-gw-2, sap-print-spool print-server,
        portal-app portal-db, portal-app portal-cache, portal-web-1 load-balancer, portal-web-2 load-balancer,
        load-balancer firewall-1, printer-3f print-server, printer-5f print-server, printer-3f floor-switch-3,
        printer-5f floor-switch-5, laptop-fleet software-depot, laptop-101 vpn-gw-2, laptop-102 vpn-gw-2,
        laptop-103 vpn-gw-2, laptop-104 vpn-gw-2, laptop-105 vpn-gw-2, laptop-106 vpn-gw-2, laptop-107 vpn-gw-2,
        laptop-108 vpn-gw-2
    """,
    "connected_to": "core-switch-a core-switch-b, firewall-1 firewall-2",
    "backed_up_by": "san-1 backup-1, san-2 backup-1, sap-db backup-1",
}
NEEDED_SERVICES = ((FINANCE, NETWORK), (MAIL, NETWORK), (PORTAL, NETWORK), (PRINTING, NETWORK), (WORKPLACE, MAIL))
FURTHER = {"vpn-gw-2": [FINANCE], "directory-1": [WORKPLACE, MAIL], "print-server": [FINANCE]}
SUPPLIED = ("fiber-primary", "fiber-backup")
PLANNED, RETIRED = "sap-test", "firewall-2"


def furnish(cast: Cast, *, at: datetime) -> int:
    """Enter the items and how they hang together, as it was done four months before. Returns how many there are."""
    moment = at - ENTERED
    made = _items(cast, moment)
    types = {each.slug: each for each in RelationType.objects.all()}
    for slug, pairs in RELATIONS.items():
        for pair in pairs.split(","):
            source, target = pair.split()
            operations.relate(source=made[source], type=types[slug], target=made[target], by=None, at=moment)
    for service, needs in NEEDED_SERVICES:
        ServiceDependency.objects.create(service=cast.services[service], needs=cast.services[needs])
    by = cast.staff["aisha"]
    reason = "Support ended; traffic moved to firewall-1."
    operations.retire(item=made[RETIRED], by=by, at=at - timedelta(days=20), reason=reason, confirm=True)
    return len(made)


def _items(cast: Cast, moment: datetime) -> dict[str, ConfigurationItem]:
    types = {each.slug: each for each in ItemType.objects.prefetch_related("attributes")}
    there = {each.name: each for items in cast.items.values() for each in items}
    made: dict[str, ConfigurationItem] = {}
    for name, (kind, service_name, criticality, attributes) in ITEMS.items():
        service: Service | None = cast.services[service_name] if service_name else None
        values = {
            "name": name,
            "type": types[kind],
            "service": service,
            "further_services": [cast.services[each] for each in FURTHER.get(name, [])],
            "owner": service.owner if service else cast.staff["aisha"],
            "team": service.support_team if service else cast.teams["Networks"],
            "supplier": cast.carrier if name in SUPPLIED else None,
            "criticality": criticality,
            "attributes": attributes,
        }
        if name in there:
            made[name] = operations.edit_item(item=there[name], by=None, at=moment, values=values)
        else:
            values["status"] = "planned" if name == PLANNED else "live"
            made[name] = operations.create_item(by=None, at=moment, values=values, is_sample=True)
    return made
