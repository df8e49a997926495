"""What frameworks say at the steps of a procedure, for the page of the procedure and beside records."""

from collections.abc import Iterable

from procedures.tagging import Tag

from .models import Practice
from .targets import step_of


def tags_of(keys: Iterable[str]) -> dict[str, list[Tag]]:
    """
    Tags by key of a step; one statement.

    A practice that names the whole procedure is told at each of its steps.

    :param keys: `procedure:step`, in the order in which the steps stand.
    """
    wanted = list(keys)
    whole: dict[str, list[str]] = {}
    for key in wanted:
        whole.setdefault(step_of(key), []).append(key)
    if not wanted:
        return {}
    rows = (
        Practice.objects.filter(pack__is_active=True, steps__overlap=[*wanted, *whole])
        .select_related("pack")
        .defer("pack__document")
        .order_by("pack__name", "position")
    )
    found: dict[str, list[Tag]] = {}
    known = set(wanted)
    for practice in rows:
        at = dict.fromkeys(key for each in practice.steps for key in whole.get(each, [each]) if key in known)
        for key in at:
            found.setdefault(key, []).append(Tag(practice.pack.name, str(practice), practice.get_absolute_url()))
    return found
