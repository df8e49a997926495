"""
Who may decide for whom on a day.

Only a deputy whom the person named themselves, or who was named for them, decides: a deputy of a deputy never does. The
person keeps their own right to decide. Someone who took a seat over has no deputy on it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from people.models import User

from .models import Deputy


def day_of(person: User, at: datetime) -> date:
    """The date where the person is."""
    return at.astimezone(person.zone).date()


def deputies_of(people: Iterable[User], *, at: datetime) -> dict[int, User]:
    """
    The active deputy of each person at that moment, by the person's key; nothing for those who have none.

    Beside the named periods it honors the absence in the person's own entry ("absent until", with a deputy). One query,
    two when somebody is marked absent.
    """
    known = {person.pk: person for person in people}
    found: dict[int, User] = {}
    rows = Deputy.objects.filter(person__in=known, deputy__is_active=True).select_related("deputy")
    for row in rows.order_by("id"):
        if row.valid_from <= day_of(known[row.person_id], at) < row.valid_to:
            found[row.person_id] = row.deputy
    absent = {
        person.pk: person.deputy_id
        for person in known.values()
        if person.pk not in found
        and person.deputy_id
        and person.deputy_id != person.pk
        and person.absent_until is not None
        and day_of(person, at) <= person.absent_until
    }
    if absent:
        stand_ins = User.objects.active().in_bulk(set(absent.values()))
        found |= {key: stand_ins[deputy] for key, deputy in absent.items() if deputy in stand_ins}
    return found


def deputy_of(person: User, *, at: datetime) -> User | None:
    """The active deputy of one person at that moment."""
    return deputies_of([person], at=at).get(person.pk)


def represented_by(deputy: Any, *, at: datetime) -> list[User]:
    """People for whom this person may decide at that moment. Two queries."""
    named = Deputy.objects.filter(deputy=deputy).values("person_id")
    candidates = User.objects.filter(pk__in=named) | User.objects.filter(deputy=deputy, absent_until__isnull=False)
    people = list(candidates.distinct())
    standing = deputies_of(people, at=at) if people else {}
    return [person for person in people if standing.get(person.pk) == deputy]
