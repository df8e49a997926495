"""To whose organization a record of the provider's side belongs: a problem, an article."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from people.access import access_of


def covers(person: Any, operation: str, organization_ids: Iterable[int]) -> bool:
    """Whether the person may do this to records of all these organizations that are nobody's own."""
    access = access_of(person)
    return all(
        access.allows_on(operation, SimpleNamespace(organization_id=key, requester_id=None)) for key in organization_ids
    )


def home_of(person: Any, operations: Iterable[str], *, about: Iterable[int] = ()) -> int:
    """
    The person's own organization, so that what the provider writes stays among the provider's people.

    Who works for single customers only could not see it there: of these customers the first of `about`, else the one
    with the smallest key.

    :param operations: what the person will do to the record. :param about: organizations that the record deals with.
    :returns: the own organization where nothing else fits either; the act then says that it is not allowed.
    """
    own = int(person.organization_id)
    operations = list(operations)
    reached = {key for reach in access_of(person).reach.values() if reach is not None for key in reach}
    candidates = [own, *dict.fromkeys(about), *sorted(reached)]
    return next((key for key in candidates if all(covers(person, each, [key]) for each in operations)), own)
