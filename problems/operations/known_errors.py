"""Publishing, revising and withdrawing known errors. Each act is logged on the problem."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require
from records import changing
from records.events import EventKind
from records.operations.editing import check_fields, refuse_if_closed

from ..models import Cause, KnownError, Problem

LONGEST_TEXT = 20_000
TEXTS = ("title", "symptom", "cause", "workaround")


def is_none_said(workaround: str) -> bool:
    """Whether the text is the explicit word “none”, in English or in the reader's language."""
    word = workaround.strip().rstrip(".").lower()
    return word in {"none", str(_("none")).lower()}


def publish(
    *,
    problem: Problem,
    by: Any,
    at: datetime,
    symptom: str,
    cause: str,
    workaround: str,
    is_cause_confirmed: bool,
) -> KnownError:
    """
    Write down what the declaration said and publish it, inside the transaction of the move.

    What was left out stays as it stood; the cause is then that of the analysis.

    :raises Refused: a text is too long.
    """
    known = KnownError.objects.filter(pk=problem.pk).first()
    roots = list(Cause.objects.filter(problem=problem, is_root=True).values_list("text", flat=True))
    is_new = known is None
    if known is None:
        known = KnownError(problem=problem, title=problem.title)
    known.symptom = clean(symptom, "symptom") or known.symptom
    known.cause = clean(cause, "cause") or known.cause or "\n".join(roots)
    known.is_cause_confirmed = is_cause_confirmed or (known.is_cause_confirmed and not cause)
    if workaround.strip():
        _set_workaround(known, workaround)
    if is_new:
        known.published_at, known.published_by = at, by
    else:
        known.revised_at = at
    check_fields(known, TEXTS)
    known.save(force_insert=is_new)
    if is_new:
        known.services.set([problem.service_id] if problem.service_id else [])
        known.items.set([problem.item_id] if problem.item_id else [])
    _say(problem, "known_error_published", by=by, at=at, known=known)
    return known


@transaction.atomic
def revise(
    *,
    known_error: KnownError,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    services: Iterable[Any] | None = None,
    items: Iterable[Any] | None = None,
    version: int | None = None,
) -> KnownError:
    """
    Change the texts of a published known error, or what it concerns. A new workaround can be sent again.

    :param values: `title`, `symptom`, `cause`, `is_cause_confirmed`, `workaround` (or the word “none”).
    :param services, items: what it concerns; None leaves them.
    :param version: of the problem.
    :raises NotAllowed: :raises Stale: :raises Refused: withdrawn, an empty symptom, or an unknown field.
    """
    problem = changing.lock(known_error.problem)
    require(by, "problem.edit", problem)
    changing.require_version(problem, version)
    refuse_if_closed(problem)
    known = KnownError.objects.get(pk=problem.pk)
    unknown = set(values) - {*TEXTS, "is_cause_confirmed"}
    if unknown:
        raise Refused.because("unknown_field", _("“%(name)s” can't be changed this way.") % {"name": min(unknown)})
    before = changing.snapshot(known)
    for name, value in values.items():
        if name == "workaround":
            _set_workaround(known, value)
        elif name == "is_cause_confirmed":
            known.is_cause_confirmed = bool(value)
        else:
            setattr(known, name, clean(value, name))
    check_fields(known, TEXTS)
    if "workaround" in values and not values["workaround"].strip():
        raise Refused.because("workaround", _("Write down the workaround, or the word “none”."), "workaround")
    changes = changing.differences(known, before)
    concerned = _concern(known, services=services, items=items)
    if not changes and not concerned:
        return known
    if changes.keys() & {"workaround", "symptom"}:
        known.revised_at = at
    known.save()
    changing.save(problem, (), at)
    _say(problem, "known_error_revised", by=by, at=at, known=known, changes=changes, more=concerned)
    return known


def withdraw_if_needed(*, problem: Problem, at: datetime) -> None:
    """Take the known error out of the suggestions, inside the transaction of the move that ends the problem."""
    KnownError.objects.filter(pk=problem.pk, withdrawn_at=None).update(withdrawn_at=at)


def clean(text: str, name: str) -> str:
    """The text without blanks around it. :raises Refused: too long."""
    text = text.replace("\x00", "").strip()
    if name == "title":
        return " ".join(text.split())
    if len(text) > LONGEST_TEXT:
        raise Refused.because(
            "too_long",
            _("The text has %(length)s characters; %(limit)s fit. Shorten it.")
            % {"length": len(text), "limit": LONGEST_TEXT},
            name,
        )
    return text


def _set_workaround(known: KnownError, workaround: str) -> None:
    text = clean(workaround, "workaround")
    known.has_workaround = bool(text) and not is_none_said(text)
    known.workaround = text if known.has_workaround else ""


def _concern(known: KnownError, *, services: Any, items: Any) -> dict[str, list[int]]:
    found = {}
    for name, wanted in (("services", services), ("items", items)):
        if wanted is None:
            continue
        keys = sorted(each.pk for each in wanted)
        relation = getattr(known, name)
        if keys != sorted(relation.values_list("pk", flat=True)):
            relation.set(keys)
            found[name] = keys
    return found


def _say(
    problem: Problem,
    act: str,
    *,
    by: Any,
    at: datetime,
    known: KnownError,
    changes: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    changing.write_down(
        problem,
        kind=EventKind.EDITED,
        action=f"problem.{act}",
        by=by,
        at=at,
        data={
            "known_error": known.pk,
            "title": known.title,
            "has_workaround": known.has_workaround,
            "is_cause_confirmed": known.is_cause_confirmed,
            "texts": {name: list(pair) for name, pair in (changes or {}).items() if name in TEXTS},
            **(more or {}),
        },
    )
