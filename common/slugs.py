"""Short names that nothing else of the same kind has."""

from collections.abc import Collection
from typing import Any

from django.utils.text import slugify


def free_slug(
    rows: Any,
    name: str,
    *,
    otherwise: str,
    field: str = "slug",
    longest: int = 70,
    joint: str = "-",
    reserved: Collection[str] = (),
) -> str:
    """
    The short name of this name: as it is, or with the first number from 2 on that makes it the only one.

    Two at once can find the same one; the unique constraint of the table tells the second.

    :param rows: a manager or queryset of everything that may not share it. :param field: where it stands there.
    :param otherwise: for names of which nothing is left, such as those in other scripts.
    :param longest: characters, the number not counted. :param joint: between words, and before the number.
    :param reserved: short names that nothing may have.
    """
    stem = slugify(name)[:longest].strip("-").replace("-", joint) or otherwise
    taken = {*reserved, *rows.filter(**{f"{field}__startswith": stem}).values_list(field, flat=True)}
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}{joint}{number}", number + 1
    return slug
