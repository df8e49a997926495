"""What may be typed next: fields, then values, read from the caret. Nothing hidden is ever offered."""

from dataclasses import dataclass, replace
from typing import Any

from .ast import render_text
from .compile import known_fields
from .counts import counts_of
from .fields import ALIASES, NONE, SORTS, Field
from .lookups import LOOKUPS
from .scene import Scene

MOST = 10
RECENT_RECORDS = 5_000


@dataclass(frozen=True)
class Suggestion:
    """
    :param text: stands from `start` to `end` of the query once it is chosen.
    :param count: how many tickets the query would find then, such as "12" or "99+"; empty where that is not counted.
    """

    text: str
    label: str
    detail: str
    start: int
    end: int
    count: str = ""


def suggest(query: str, caret: int, scene: Scene) -> list[Suggestion]:
    """
    Offer what fits at the caret.

    :param caret: position in the text; anything outside is taken as its end.
    """
    caret = caret if 0 <= caret <= len(query) else len(query)
    start = _start_of_term(query, caret)
    typed = query[start:caret]
    body = typed.removeprefix("-")
    begin = start + len(typed) - len(body)
    fields = known_fields()
    name, colon, rest = body.partition(":")
    if not colon:
        low = body.lower()
        fitting = [f for f in fields.values() if low in f.name or (low and low in str(f.label).lower())]
        fitting.sort(key=lambda field: not field.name.startswith(low))
        return [Suggestion(f"{f.name}:", f"{f.name}:", str(f.label), begin, caret) for f in fitting[:MOST]]
    if name == "sort":
        return _from([(each, "") for each in SORTS] + [(f"-{each}", "") for each in SORTS], rest, begin + 5, caret)
    field = fields.get(ALIASES.get(name.lower(), name.lower()))
    if field is None:
        return []
    last = rest.rpartition(",")[2]
    found = _from(_values(field, last.strip('"'), scene), last.strip('"'), caret - len(last), caret)
    others = f"{query[:start]} {query[_end_of_term(query, caret) :]}"
    counts = counts_of(others, field.name, [each.label for each in found], scene)
    return [replace(each, count=counts.get(each.label, "")) for each in found]


def _start_of_term(query: str, caret: int) -> int:
    """The beginning of the term that the caret stands in; blanks between quotes don't end a term."""
    start, is_quoted = 0, False
    for index, letter in enumerate(query[:caret]):
        if letter == '"':
            is_quoted = not is_quoted
        elif letter.isspace() and not is_quoted:
            start = index + 1
    return start


def _end_of_term(query: str, caret: int) -> int:
    """Where the term that the caret stands in ends."""
    is_quoted = query[_start_of_term(query, caret) : caret].count('"') % 2 == 1
    for index in range(caret, len(query)):
        if query[index] == '"':
            is_quoted = not is_quoted
        elif query[index].isspace() and not is_quoted:
            return index
    return len(query)


def _values(field: Field, typed: str, scene: Scene) -> list[tuple[str, str]]:
    if field.name in LOOKUPS:
        lookup = LOOKUPS[field.name]
        own = [(each, "") for each in lookup.own(scene)] + ([(NONE, "")] if lookup.can_lack else [])
        return own + (lookup.matching(scene, typed) if not typed.startswith("@") else [])
    if field.name in ("tag", "waiting"):
        return _seen(field.name, typed, scene)
    return [(value, str(label)) for value, label in field.known()]


def _seen(name: str, typed: str, scene: Scene) -> list[tuple[str, str]]:
    """Tags or hold reasons on the newest visible records: a bounded number, however many there are."""
    recent: Any = scene.records.order_by("-pk")
    if name == "tag":
        recent = recent.exclude(tags=[]).values_list("tags", flat=True)[:RECENT_RECORDS]
        found = {tag for tags in recent for tag in tags}
    else:
        recent = recent.filter(phase="waiting").exclude(state_reason="")
        found = set(recent.values_list("state_reason", flat=True)[:RECENT_RECORDS])
    return [(each, "") for each in sorted(found) if typed.lower() in each]


def _from(choices: list[tuple[str, str]], typed: str, start: int, end: int) -> list[Suggestion]:
    low = typed.lower()
    fitting = [(v, la) for v, la in choices if low in v.lower() or low in la.lower()]
    fitting.sort(key=lambda pair: not (pair[0].lower().startswith(low) or pair[1].lower().startswith(low)))
    return [Suggestion(_written(value), value, label, start, end) for value, label in fitting[:MOST]]


def _written(value: str) -> str:
    return value if value.startswith(("<", ">", "-")) else render_text(value)
