"""
The change calendar with 10,000 changes in a year: every view as a whole page, for two people.

    python -m benchmarks.changes [--changes 10000] [--json FILE]

Changes cluster in the evenings, touch services and items that depend on each other, and overlap. One person sees all of
them; the other covers one organization of twenty, so that most of what they see is busy. There is no floor to compare
with: the statements are counted, and shown beside the time.
"""

import argparse
import json
import random
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

TARGET_MS = 150.0
CONFLICTS = re.compile(r"(\d+) conflicts? that nobody")
ITEMS, RELATIONS = 5_000, 15_000
VIEWS = {
    "week": "view=week",
    "month": "view=month",
    "lanes by service": "view=lanes",
    "lanes by team": "view=lanes&lane=team",
    "list": "view=agenda",
    "week of one service": "view=week&service={service}",
    "what collides in a month": "view=month&only=conflicts",
}
AHEAD = ("draft", "assessing", "authorizing", "scheduled", "scheduled", "scheduled")
PHASES = {"authorizing": "waiting", "scheduled": "waiting", "closed": "done"}


def generate(house: Any, *, count: int, at: datetime) -> None:
    """Half of a year behind and half ahead; 40 in 100 at one end of the day, the rest spread over it."""
    from django.db import connection, transaction

    from changes.models import CalendarWindow, Change
    from common.copying import Copier, copy_rows, take_keys
    from records.models import Record
    from services.models import ConfigurationItem, Service

    from . import impact

    draw = random.Random(17)
    impact.generate(items=ITEMS, relations=RELATIONS)
    items = list(ConfigurationItem.objects.order_by("pk").values_list("pk", flat=True))[:-2]
    services = list(Service.objects.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        keys = take_keys(cursor, Record._meta.db_table, count)
        records, changes = Copier(Record, same={"kind": "change", "tags": []}), Copier(Change)
        of_services, of_items = [], []
        for key in keys:
            day = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=draw.randrange(-182, 183))
            hour = draw.choice((18, 19, 20, 21, 22)) if draw.random() < 0.4 else draw.randrange(24)
            start = day + timedelta(hours=hour, minutes=draw.choice((0, 30)))
            end = start + timedelta(minutes=draw.choice((30, 60, 120, 120, 180)))
            state = "closed" if end < at else draw.choice(AHEAD)
            records.add(
                id=key, title=f"Change {key}", requester_id=draw.choice(house.agents),
                organization_id=draw.choice(house.organizations), team_id=draw.choice(house.teams),
                assignee_id=draw.choice(house.agents), state=state, phase=PHASES.get(state, "open"),
                created_at=start - timedelta(days=10), opened_at=start - timedelta(days=10), updated_at=start,
            )  # fmt: skip
            changes.add(record_ptr_id=key, planned_from=start, planned_to=end)
            of_services += [(key, service) for service in draw.sample(services, draw.choice((1, 1, 2)))]
            of_items += [(key, item) for item in draw.sample(items, draw.choice((0, 1, 3)))]
        records.write(cursor)
        changes.write(cursor)
        copy_rows(cursor, Change.services.through._meta.db_table, ["change_id", "service_id"], of_services)
        copy_rows(cursor, Change.items.through._meta.db_table, ["change_id", "configurationitem_id"], of_items)
    for number in range(20):
        begin = at + timedelta(days=draw.randrange(-30, 30))
        window = CalendarWindow.objects.create(
            kind=draw.choice(("freeze", "maintenance")), name=f"Window {number}", zone="Europe/Oslo", starts_at=begin,
            ends_at=begin + timedelta(hours=6), repeats=draw.choice(("weekly", "month_end", "never")),
        )  # fmt: skip
        window.services.set(draw.sample(services, 5))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def measure(*, count: int) -> list[dict[str, Any]]:
    """Open every view at 40 moments of the year, signed in, through all of Django."""
    from django.test import Client
    from django.utils.timezone import now

    from itsm import loading as loaded
    from people.enums import Role
    from people.models import Organization, RoleGrant, User
    from services.models import Service

    from . import world
    from .timing import sample, statements

    at = now()
    house = world.make(at=at)
    generate(house, count=count, at=at)
    # As a web process does before it forks: what is loaded, here with what it was generated with, is no garbage.
    loaded.for_requests()
    loaded.freeze()
    scoped = User.objects.get(pk=house.agents[-1])
    RoleGrant.objects.filter(user=scoped).delete()
    scope = Organization.objects.get(pk=house.organizations[0])
    RoleGrant.objects.create(user=scoped, role=Role.TECHNICIAN, organization=scope)
    days = [(at + timedelta(days=step * 9 - 180)).date().isoformat() for step in range(40)]
    service, figures = Service.objects.latest("pk").pk, []
    for who, person in (("sees all", house.agent), ("sees one in 20", scoped)):
        client = Client()
        client.force_login(person)
        for view, query in VIEWS.items():
            addresses = [f"/changes/calendar/?{query.format(service=service)}&from={day}" for day in days]
            page = client.get(addresses[20]).content.decode()
            with statements() as said:
                client.get(addresses[21])
            taken = sample(client.get, addresses, seconds=20)
            figures.append(
                {
                    "who": who, "view": view, "entries": page.count("data-entry"),
                    "conflicts": int(found[1]) if (found := CONFLICTS.search(page)) else 0, "statements": len(said),
                    "kilobytes": len(page) / 1024, "p50_ms": taken.p50, "p95_ms": taken.p95,
                    "cpu_ms": taken.cpu_ms,
                }
            )  # fmt: skip
    return figures


def main() -> None:
    """Measure and print a line for each view."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.changes", description=__doc__.split("\n\n")[0].strip())
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    from . import place

    with place.throwaway(keep=False):
        place.prepare()
        from django.conf import settings
        from django.db import connection  # only now do the settings name the benchmark's database

        settings.ALLOWED_HOSTS = ["testserver"]
        figures = measure(count=asked.changes)
        connection.close()
    sys.stdout.write(f"{asked.changes:,} changes in a year, whole pages, ms\n")
    for each in figures:
        sys.stdout.write(
            "{who:14} {view:25} {entries:5} entries {conflicts:5} conflicts {statements:3} statements"
            "   p50 {p50_ms:6.1f}   p95 {p95_ms:6.1f}   cpu {cpu_ms:6.1f}   {kilobytes:5.0f} kB\n".format(**each)
        )
    worst = max(each["p95_ms"] for each in figures)
    sys.stdout.write(f"worst p95 {worst:.0f}, target {TARGET_MS:.0f}: {'held' if worst <= TARGET_MS else 'MISSED'}\n")
    if asked.json:
        asked.json.write_text(json.dumps({"changes": asked.changes, "figures": figures}, indent=2))


if __name__ == "__main__":
    main()
