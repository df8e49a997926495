"""
Two administrators on one page of the set-up: who saves second is told what the first one changed.

A page carries the number of the latest log entry about its rows. When newer changes stand in the log at saving, nothing
is saved: the form comes back as it was filled in, with a sentence that shows them, and the newer number. Saving once
more is then a choice.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin.utils import display_for_field
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Max, Model, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.models import Entry
from common.numbers import number_in
from common.templatetags.steward import exact

FIELD = "_seen_entry"
# Acts on roles name no columns, but change what stands on the page of a person.
_ACTS = ("role.granted", "role.withdrawn", "admin.removed")
_SHOWN_AT_MOST = 5
_EMPTY = "–"

Subjects = Sequence[tuple[str, Iterable[int] | None]]


def latest(subjects: Subjects) -> int:
    """Return the number of the latest change of these rows, 0 where there is none."""
    found: int | None = _changes_of(subjects).aggregate(latest=Max("id"))["latest"]
    return found or 0


def newer(subjects: Subjects, *, than: int) -> list[Entry]:
    """Return the changes of these rows after the one that a page knew, the latest first."""
    return list(_changes_of(subjects).filter(id__gt=than).select_related("actor").order_by("-id")[:_SHOWN_AT_MOST])


def refuse_stale(subjects: Subjects, *, seen: str, models: dict[str, type[Model]]) -> None:
    """
    Check that nobody changed these rows since the page was made.

    :param seen: what the page carried; empty where somebody sent no page of ours, and nothing is checked.
    :param models: by the kind that the log calls them, to name columns and values as pages do.
    :raises ValidationError: one sentence for each newer change.
    """
    latest = number_in(seen)
    if latest is None:
        return
    found = newer(subjects, than=latest)
    if found:
        sentences = [_sentence(entry, models.get(entry.subject_kind)) for entry in reversed(found)]
        advice = _("Nothing of yours was saved. Compare it with what stands below, then save again to put yours there.")
        raise ValidationError([*sentences, advice])


def _changes_of(subjects: Subjects) -> Any:
    wanted = Q()
    for kind, keys in subjects:
        wanted |= Q(subject_kind=kind) if keys is None else Q(subject_kind=kind, subject_id__in=list(keys))
    return Entry.objects.filter(wanted).filter(~Q(changes={}) | Q(action__in=_ACTS))


def _sentence(entry: Entry, model: type[Model] | None) -> str:
    changed = [
        _("%(field)s from “%(before)s” to “%(after)s”") % {"field": label, "before": before, "after": after}
        for label, before, after in _told(entry, model)
    ]
    said = {
        "who": entry.actor or _("Steward"),
        "what": entry.subject_label,
        "when": exact(entry.at),
        "changes": "; ".join(changed) or entry.data.get("role") or entry.data.get("removed") or entry.action,
    }
    return _("%(who)s changed “%(what)s” on %(when)s, after you had opened it: %(changes)s.") % said


def _told(entry: Entry, model: type[Model] | None) -> Iterable[tuple[str, str, str]]:
    for name, values in entry.changes.items():
        if name == "version":
            continue
        before, after = values if isinstance(values, list) and len(values) == 2 else (None, values)
        field = _field(model, name)
        if field is None:
            yield name, _plain(before), _plain(after)
        else:
            yield str(capfirst(field.verbose_name)), _shown(field, before), _shown(field, after)


def _field(model: type[Model] | None, name: str) -> Any:
    if model is None:
        return None
    try:
        return model._meta.get_field(name.removesuffix("_id"))
    except FieldDoesNotExist:
        return None


def _shown(field: Any, value: Any) -> str:
    if value in (None, ""):
        return _EMPTY
    if field.is_relation:
        keys = value if isinstance(value, list) else [value]
        rows = field.related_model._default_manager.filter(pk__in=[key for key in keys if isinstance(key, int)])
        return ", ".join(str(row) for row in rows) or _plain(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(display_for_field(value, field, _EMPTY))


def _plain(value: Any) -> str:
    return _EMPTY if value in (None, "") else str(value)
