"""How acts on procedures are written down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audit import log

from ..models import Procedure
from ..terms import Terms


def write_down(
    act: str,
    procedure: Procedure,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    before: Terms | None = None,
    after: Terms | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """Log the act about the procedure. :param before, after: what the version said and says."""
    said = dict(changes or {})
    if after is not None:
        said["terms"] = (before.as_document() if before else None, after.as_document())
    log.record(
        f"procedure.{act}",
        subject_kind="procedure",
        subject_id=procedure.pk,
        subject_label=procedure.name,
        by=by,
        at=at,
        reason=reason,
        changes=said,
        data=data,
    )
