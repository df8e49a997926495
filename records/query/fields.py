"""The fields that queries may name, and nothing else: each turns one value into a condition on records."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from common.refs import parse_reference

from .. import practices
from ..enums import LinkKind, Priority, Source
from ..models import Link
from . import moments
from .ast import Term, Value, render_text, render_value
from .problems import QueryProblem
from .scene import Scene

Build = Callable[[Value, Scene], Q]
NONE = "none"
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,29}")


class Unfit(ValueError):
    """A value that its field does not know. The nearest known one is the suggestion."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.suggestion = suggestion


@dataclass(frozen=True)
class Field:
    """
    A field of the query language.

    :param build: makes the condition for one value; raises `Unfit`.
    :param known: the values that can be listed without asking the database, with labels.
    :param operators: whether `<`, `>` and ranges make sense.
    """

    name: str
    label: Any
    build: Build
    known: Callable[[], Iterable[tuple[str, Any]]] = tuple
    has_order: bool = False
    hint: Any = ""

    def condition(self, term: Term, scene: Scene) -> Q:
        """:raises QueryProblem: a value is unknown or does not fit."""
        wanted = Q()
        for value in term.values:
            if not self.has_order and (value.operator or value.upto is not None):
                message = _("“%(field)s” has no order; name the values instead, with commas between them.")
                raise self._problem(
                    term, value, Unfit(message % {"field": self.name}, render_text(value.text or value.upto or ""))
                )
            try:
                wanted |= self.build(value, scene)
            except Unfit as unfit:
                raise self._problem(term, value, unfit) from None
        return ~wanted if term.is_negated else wanted

    def _problem(self, term: Term, value: Value, unfit: Unfit) -> QueryProblem:
        """The whole term is marked; the suggestion is the term with the value mended, or left out beside others."""
        values = [render_value(each) for each in term.values if each is not value]
        if unfit.suggestion:
            values.insert(term.values.index(value), unfit.suggestion)
        minus = "-" if term.is_negated else ""
        return QueryProblem(
            str(unfit),
            start=term.span.start,
            end=term.span.end,
            suggestion=f"{minus}{self.name}:{','.join(values)}" if values else "",
        )


def nearest(text: str, known: Iterable[str]) -> str:
    found = get_close_matches(text.lower(), [each.lower() for each in known], n=1, cutoff=0.5)
    return render_text(found[0]) if found else ""


def code_of(text: str) -> str:
    return text.strip().lower().replace(" ", "_").replace("-", "_")


def _level(text: str) -> int:
    digits = text.lower().removeprefix("p")
    if digits not in {str(each) for each in Priority.values}:
        raise Unfit(_("There is no priority “%(text)s”. Priorities go from P1 to P5.") % {"text": text})
    return int(digits)


def _comparison(column: str, value: Value, read: Callable[[str], int]) -> Q:
    if value.upto is not None:
        wanted = Q()
        if value.text:
            wanted &= Q(**{f"{column}__gte": read(value.text)})
        if value.upto:
            wanted &= Q(**{f"{column}__lte": read(value.upto)})
        return wanted
    lookup = {"": "", ">": "__gt", ">=": "__gte", "<": "__lt", "<=": "__lte"}[value.operator]
    return Q(**{f"{column}{lookup}": read(value.text)})


def _priority(value: Value, scene: Scene) -> Q:
    return _comparison("priority", value, _level)


def _number_of(text: str) -> int:
    number = parse_reference(text)
    if number is None:
        raise Unfit(_("“%(text)s” is no reference. Write a number such as 1042.") % {"text": text})
    return number


def _number(value: Value, scene: Scene) -> Q:
    return _comparison("pk", value, _number_of)


def states() -> list[tuple[str, Any]]:
    """Every state of every practice, once."""
    found: dict[str, Any] = {}
    for practice in practices.all_practices():
        for value, label in practice.states.choices:  # type: ignore[attr-defined]
            found.setdefault(value, label)
    return list(found.items())


def _one_of(column: str, known: Callable[[], Iterable[tuple[str, Any]]], sentence: Callable[[], str]) -> Build:
    def build(value: Value, scene: Scene) -> Q:
        choices = list(known())
        code = code_of(value.text)
        for key, label in choices:
            if code in (key, code_of(str(label))):
                return Q(**{column: key})
        raise Unfit(sentence() % {"text": value.text}, nearest(code, [key for key, _label in choices]))

    return build


def kinds() -> list[tuple[str, Any]]:
    return [(practice.kind, practice.label) for practice in practices.all_practices()]


def _waiting(value: Value, scene: Scene) -> Q:
    code = code_of(value.text)
    if not _CODE.fullmatch(code):
        raise Unfit(_("“%(text)s” is nothing that a ticket waits for.") % {"text": value.text})
    return Q(phase="waiting", state_reason=code)


def _tag(value: Value, scene: Scene) -> Q:
    if value.text.lower() == NONE:
        return Q(tags=[])
    return Q(tags__contains=["-".join(value.text.lower().split())])


def _linked(value: Value, scene: Scene) -> Q:
    number = _number_of(value.text)
    if not scene.records.filter(pk=number).exists():
        raise Unfit(_("There is no ticket “%(text)s”.") % {"text": value.text})
    out = Link.objects.filter(from_record=number).values("to_record")
    back = Link.objects.filter(to_record=number).values("from_record")
    return Q(pk__in=out) | Q(pk__in=back)


def _caused_by(value: Value, scene: Scene) -> Q:
    number = _number_of(value.text)
    if not scene.records.filter(pk=number).exists():
        raise Unfit(_("There is no ticket “%(text)s”.") % {"text": value.text})
    return Q(pk__in=Link.objects.filter(to_record=number, kind=LinkKind.CAUSED_BY).values("from_record"))


def _moment(column: str, *, is_ahead: bool = False, can_lack: bool = False) -> Build:
    def build(value: Value, scene: Scene) -> Q:
        if can_lack and value.text.lower() == NONE:
            return Q(**{f"{column}__isnull": True})
        try:
            return moments.condition(column, value, scene.clock, is_ahead=is_ahead)
        except moments.NoMoment:
            shown = value.text or value.upto or ""
            message = _("“%(text)s” is no moment. Write <2h, today, or a day such as 2026-03-02.")
            raise Unfit(message % {"text": shown}, nearest(shown, moments.NAMED)) from None

    return build


def named_moments() -> list[tuple[str, Any]]:
    return [("<1h", _("1 hour")), ("<1d", _("24 hours")), (">3d", _("3 days"))] + [
        ("today", _("today")),
        ("yesterday", _("yesterday")),
        ("this-week", _("this week")),
        ("last-week", _("last week")),
        ("this-month", _("this month")),
    ]


def due_moments() -> list[tuple[str, Any]]:
    return [("<1h", _("within 1 hour")), ("<4h", _("within 4 hours")), ("today", _("today")), (NONE, _("no clock"))]


def flag_conditions(scene: Scene) -> dict[str, Q]:
    """What `is:` knows."""
    at = scene.clock.at
    running = Q(due_state="running")
    return {
        "open": ~Q(phase="done"),
        "waiting": Q(phase="waiting"),
        "done": Q(phase="done"),
        "breached": Q(is_breached=True) | (running & Q(due_at__lte=at)),
        "overdue": (running & Q(due_at__lte=at)) | Q(due_state="paused", due_remaining__lte=timedelta(0)),
        "at-risk": running & Q(at_risk_at__lte=at, due_at__gt=at),
        "due-soon": running & Q(due_soon_at__lte=at, at_risk_at__gt=at),
        "paused": Q(due_state="paused"),
        "unassigned": Q(assignee=None),
        "mine": Q(assignee=scene.viewer.pk),
        "followed": Q(watchers__user=scene.viewer.pk),
        "replied": Q(is_replied_by_requester=True),
        "reopened": Q(reopen_count__gt=0),
        "vip": Q(requester__is_vip=True),
        "sample": Q(is_sample=True),
    }


def flags() -> list[tuple[str, Any]]:
    return [
        ("open", _("not done")),
        ("waiting", _("on hold")),
        ("done", _("resolved, closed or cancelled")),
        ("breached", _("a target was missed")),
        ("overdue", _("the next target has passed, also while the clock is paused")),
        ("at-risk", _("90% of the time is used")),
        ("due-soon", _("75% of the time is used")),
        ("paused", _("the clock is paused")),
        ("unassigned", _("nobody has it")),
        ("mine", _("assigned to you")),
        ("followed", _("you follow it")),
        ("replied", _("the requester had the last word")),
        ("reopened", _("reopened at least once")),
        ("vip", _("the requester is a VIP")),
        ("sample", _("it belongs to the sample")),
    ]


def _flag(value: Value, scene: Scene) -> Q:
    known = flag_conditions(scene)
    code = code_of(value.text).replace("_", "-")
    if code not in known:
        raise Unfit(
            _("“is:%(text)s” is not known.") % {"text": value.text},
            nearest(code, known),
        )
    return known[code]


SORTS = {
    "due": F("due_at").asc(nulls_last=True),
    "prio": F("priority").asc(),
    "number": F("id").asc(),
    "opened": F("opened_at").asc(),
    "updated": F("updated_at").asc(),
    "resolved": F("resolved_at").asc(nulls_last=True),
}
SORT_ALIASES = {"sla": "due", "created": "opened", "priority": "prio", "id": "number"}
ALIASES = {
    "priority": "prio",
    "assignee": "who",
    "organization": "org",
    "created": "opened",
    "sla": "due",
    "id": "number",
    "tags": "tag",
}


def simple_fields() -> list[Field]:
    """Fields whose values are not looked up in a table."""
    source = _one_of("source", lambda: Source.choices, lambda: _("There is no source “%(text)s”."))
    state = _one_of("state", states, lambda: _("There is no state “%(text)s”."))
    kind = _one_of("kind", kinds, lambda: _("There is no kind of ticket “%(text)s”."))
    return [
        Field("is", _("is"), _flag, flags),
        Field("prio", _("priority"), _priority, lambda: [(f"p{v}", la) for v, la in Priority.choices], has_order=True),
        Field("state", _("state"), state, states),
        Field("kind", _("kind"), kind, kinds),
        Field("source", _("source"), source, lambda: Source.choices),
        Field("waiting", _("waits for"), _waiting),
        Field("tag", _("tag"), _tag),
        Field("linked", _("linked with"), _linked, hint=_("a reference")),
        Field("cause", _("caused by"), _caused_by, hint=_("a reference")),
        Field("number", _("number"), _number, has_order=True, hint=_("1042, >1000")),
        Field("due", _("due"), _moment("due_at", is_ahead=True, can_lack=True), due_moments, has_order=True),
        Field("opened", _("opened"), _moment("opened_at"), named_moments, has_order=True),
        Field("updated", _("updated"), _moment("updated_at"), named_moments, has_order=True),
        Field("resolved", _("resolved"), _moment("resolved_at", can_lack=True), named_moments, has_order=True),
    ]
