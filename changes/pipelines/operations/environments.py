"""Environments are policy: which are production, and which need a change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale
from common.texts import one_line
from people.access import require
from records import changing

from ..models import LONGEST_NAME, Environment

OPERATION = "deployment.set_environments"
EDITABLE = frozenset({"name", "is_production", "needs_change", "is_active"})


@transaction.atomic
def create_environment(
    *, by: Any, at: datetime, name: str, is_production: bool = False, needs_change: bool = False, slug: str = ""
) -> Environment:
    """
    Add a place that pipelines deploy to.

    :param slug: what pipelines call it; made from the name when empty. It stays.
    :raises NotAllowed: :raises Refused: no name, or one that is taken.
    """
    require(by, OPERATION)
    made = Environment(is_production=is_production, needs_change=needs_change)
    _rename(made, name)
    made.slug = slugify(slug or made.name)[:LONGEST_NAME]
    if not made.slug:
        raise Refused.because("slug", _("Give a short name of letters and digits."), "slug")
    if Environment.objects.filter(slug=made.slug).exists():
        raise Refused.because("slug", _("Another environment has this short name. Choose another one."), "slug")
    made.save()
    _log(made, "created", by=by, at=at, changes={name: (None, getattr(made, name)) for name in sorted(EDITABLE)})
    return made


@transaction.atomic
def change_environment(
    *, environment: Environment, by: Any, at: datetime, values: Mapping[str, Any], version: int | None = None
) -> Environment:
    """
    Change the policy of an environment; deployments of the past keep what held for them.

    :param values: those of `EDITABLE`.
    :raises NotAllowed: :raises Stale: :raises Refused: the name is taken.
    """
    require(by, OPERATION)
    unknown = values.keys() - EDITABLE
    if unknown:
        raise TypeError(f"environments have no {sorted(unknown)}")
    locked = Environment.objects.select_for_update().get(pk=environment.pk)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this meanwhile. Compare, then save again."))
    before = changing.snapshot(locked)
    for name, value in values.items():
        if name == "name":
            _rename(locked, value)
        else:
            setattr(locked, name, value)
    changes = changing.differences(locked, before)
    if changes:
        locked.version += 1
        locked.save()
        _log(locked, "changed", by=by, at=at, changes=changes)
    return locked


def _rename(environment: Environment, name: str) -> None:
    environment.name = one_line(name)
    if not 1 <= len(environment.name) <= LONGEST_NAME:
        raise Refused.because("name", _("Give it a name of 1 to 80 characters."), "name")
    if Environment.objects.filter(name=environment.name).exclude(pk=environment.pk).exists():
        raise Refused.because("name", _("Another environment has this name. Choose another one."), "name")


def _log(environment: Environment, act: str, *, by: Any, at: datetime, changes: Mapping[str, Any]) -> None:
    log.record(
        f"environment.{act}",
        subject_kind="environment",
        subject_id=environment.pk,
        subject_label=environment.name,
        by=by,
        at=at,
        changes=changes,
    )
