"""ETag and If-Match: who changes a row says which version they saw."""

import re
from typing import Any

from django.utils.translation import gettext as _

from common.problems import MALFORMED, PRECONDITION_REQUIRED, Problem

_ONE_TAG = re.compile(r'"(\d{1,9})"')


def etag(version: int) -> str:
    """The entity tag of a version, for example `"7"`."""
    return f'"{version}"'


def seen_version(request: Any, *, is_required: bool) -> int | None:
    """
    The version that the caller saw, out of If-Match; None means that any version is fine to them.

    :raises Problem: 428 where it is required and missing, 400 where it can't be read.
    """
    header = request.headers.get("If-Match", "").strip()
    if header == "*":
        return None
    if not header:
        if is_required:
            raise Problem(
                PRECONDITION_REQUIRED,
                _("Send If-Match with the ETag of the version that you read, so that no change of others is lost."),
            )
        return None
    match = _ONE_TAG.fullmatch(header)
    if match is None:
        raise Problem(MALFORMED, _('If-Match must be one ETag as we gave it, for example "7", or *.'))
    return int(match[1])
