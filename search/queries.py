"""Find tickets, people and services, as far as the person may see them; references and exact keys first."""

import re
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchRank, TrigramWordSimilarity
from django.db.models import Case, Exists, F, Func, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import CombinedExpression, Value
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.refs import parse_reference
from people.access import access_of
from people.models import User
from people.queries import people_visible_to
from records.models import Record
from records.query import Query, Scene, Term, Words, compile_query
from services.models import Service
from services.queries import services_visible_to

from .models import Document
from .words import CONFIG, readable, wanted

RANKED = 500
WINDOW_RECORDS = 20_000
ENOUGH = 50
SHOWN = 20
ALSO = 5
SECONDS_BETWEEN_LOOKS = 30.0
SHORTEST_ALIKE = 4
SHORTEST_PHONE = 6
_PHONE = re.compile(r"\+?[0-9()/. -]{6,30}")
_START, _STOP = "\ue000", "\ue001"
_MARKED_CHARACTERS = 20_000


@dataclass
class Hit:
    """A ticket that was found, with its title and a piece of its text, the words marked."""

    record: Any
    title: SafeString
    piece: SafeString = field(default_factory=SafeString)


@dataclass
class Found:
    """
    :param count: of tickets, up to 500. :param keys: of these tickets, or of those that are alike.
    :param is_alike: no ticket holds the words; these have words that look like them.
    """

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    is_alike: bool = False
    keys: list[int] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        return self.count >= RANKED

    @property
    def is_empty(self) -> bool:
        return not (self.hits or self.people or self.services)


def find(query: Query, scene: Scene, *, start: int = 0, limit: int = SHOWN, is_typing: bool = True) -> Found:
    """
    Search everything that the viewer may see.

    Words are searched in titles, texts and (for those who may read them) work notes; terms such as `team:@mine`
    narrow the tickets. The newest 500 tickets with the words are ranked: the cost does not grow with their number.

    :param start: how many hits to pass over, for the pages after the first.
    :raises QueryProblem: an unknown field or value.
    """
    texts = [part.text for part in query.parts if isinstance(part, Words) and not part.is_negated]
    rest = Query(tuple(part for part in query.parts if isinstance(part, Term) or part.is_negated))
    visible = Record.objects.visible_to(scene.viewer)
    narrowed = visible.filter(compile_query(rest, scene).where) if rest.parts else visible
    words = wanted(texts)
    found = Found()
    exact = _exact(texts) if not rest.parts and not start else None
    if words.is_empty:
        keys = list(narrowed.order_by("-pk").values_list("pk", flat=True)[:RANKED]) if rest.parts else []
        records = _ranked(keys, None, scene, exact)
    else:
        search = words.query(is_typing=is_typing)
        keys = _newest(_documents(search, scene, narrowed, is_narrowed=bool(rest.parts)))
        records = _ranked(keys, search, scene, exact)
    found.keys = keys
    page = list(records[start : start + limit])
    found.count = max(len(keys), len(page))
    found.hits = _hits(page, None if words.is_empty else search, scene)
    if not page and not start and not words.is_empty:
        found.is_alike = True
        found.hits = _hits(_alike(" ".join(words.texts), narrowed, scene, limit), None, scene)
        found.keys = [hit.record.pk for hit in found.hits]
        found.count = len(found.hits)
    if texts and not rest.parts and not start:
        found.people = people_named(" ".join(texts), scene.viewer)
        found.services = services_named(" ".join(texts), scene.viewer)
    return found


def tickets(query: Query, scene: Scene, *, limit: int) -> list[Any]:
    """The tickets alone, without their texts: for lists that answer while somebody types."""
    texts = [part.text for part in query.parts if isinstance(part, Words)]
    words = wanted(texts)
    if words.is_empty:
        return []
    search = words.query()
    keys = _newest(_documents(search, scene, Record.objects.visible_to(scene.viewer)))[: limit * 2]
    return list(_ranked(keys, None, scene, _exact(texts))[:limit])


def _exact(texts: list[str]) -> Q | None:
    """The ticket whose reference, or number in another tool, is all that was typed; None where no number stands."""
    if len(texts) != 1 or not any(letter.isdigit() for letter in texts[0]):
        return None
    number = parse_reference(texts[0])
    named = Q(external_key=texts[0])
    return named if number is None else named | Q(pk=number)


def _documents(search: Any, scene: Scene, records: QuerySet[Any], *, is_narrowed: bool = False) -> QuerySet[Document]:
    """Documents with the words that the viewer may read; of these records, unless that leaves nothing out."""
    documents = Document.objects.filter(readable(scene.access), vector=search)
    if is_narrowed or not scene.sees_all:
        documents = documents.filter(record__in=records.order_by())
    return documents


def _ranked(keys: list[int], search: Any, scene: Scene, exact: Q | None) -> QuerySet[Any]:
    """The tickets: that which was named, then the best documents, the newest first among equals."""
    records = Record.objects.visible_to(scene.viewer).select_related("requester", "service")
    order: list[Any] = ["-pk"]
    if search is not None:
        documents = Document.objects.filter(readable(scene.access), vector=search, record=OuterRef("pk"))
        best = documents.annotate(rank=SearchRank(F("vector"), search)).order_by("-rank").values("rank")[:1]
        records = records.annotate(rank=Subquery(best))
        order.insert(0, F("rank").desc(nulls_last=True))
    if exact is None:
        return records.filter(pk__in=keys).order_by(*order)
    return records.filter(Q(pk__in=keys) | exact).order_by(Case(When(exact, then=0), default=1), *order)


def _newest(documents: QuerySet[Document]) -> list[int]:
    """
    Up to 500 tickets with the words, the newest first.

    First among the newest 20,000 tickets, where walking backward from the newest is cheap however common the word is.
    Only when that gives too few is the word rare, and the index of words asked for the older ones; the sum in the order
    keeps the planner from walking the whole table backward in search of them.
    """
    edge = _newest_key() - WINDOW_RECORDS
    recent = documents.filter(record_id__gt=edge).order_by("-record_id").values_list("record_id", flat=True)
    walked = CombinedExpression(F("record_id"), "+", Value(0)).desc()
    older = documents.filter(~Exists(recent[2 * ENOUGH : 2 * ENOUGH + 1]), record_id__lte=edge).order_by(walked)
    both = recent[: RANKED * 2].union(older.values_list("record_id", flat=True)[: RANKED * 2], all=True)
    return sorted(set(both), reverse=True)[:RANKED]


_known_newest = (0, float("-inf"))


def _newest_key() -> int:
    """The key of the newest ticket, as of half a minute ago at most: where the window ends need not be exact."""
    global _known_newest  # noqa: PLW0603 - one number for the process
    key, looked_at = _known_newest
    if monotonic() - looked_at > SECONDS_BETWEEN_LOOKS:
        key = Record.objects.aggregate(newest=Max("pk"))["newest"] or 0
        _known_newest = (key, monotonic())
    return key


def _alike(text: str, narrowed: QuerySet[Any], scene: Scene, limit: int) -> list[Any]:
    """Tickets whose title has words that look like these: typing errors forgiven, the closest first."""
    if len(text) < SHORTEST_ALIKE:
        return []
    documents = Document.objects.filter(is_public=True, title__trigram_word_similar=text)
    documents = documents.filter(record__in=narrowed.order_by())
    near = documents.annotate(likeness=TrigramWordSimilarity(text, "title")).order_by("-likeness", "-record_id")
    keys = list(near.values_list("record_id", flat=True)[:limit])
    records = Record.objects.visible_to(scene.viewer).select_related("requester", "service").in_bulk(keys)
    return [records[key] for key in keys if key in records]


def _hits(records: list[Any], search: Any, scene: Scene) -> list[Hit]:
    """The tickets with their words marked where a search is given."""
    pieces = _pieces([record.pk for record in records], search, scene) if search is not None and records else {}
    return [Hit(record, *pieces.get(record.pk, (marked(record.title),))) for record in records]


def _pieces(keys: list[int], search: Any, scene: Scene) -> dict[int, tuple[SafeString, SafeString]]:
    marks: dict[str, Any] = {"start_sel": _START, "stop_sel": _STOP, "config": CONFIG}
    documents = (
        Document.objects.filter(readable(scene.access), record__in=keys)
        .annotate(
            shown_title=SearchHeadline("title", search, highlight_all=True, **marks),
            piece=SearchHeadline("body", search, max_fragments=1, max_words=24, min_words=8, **marks),
        )
        .order_by("-is_public")
        .values_list("record_id", "is_public", "shown_title", "piece")
    )
    found: dict[int, tuple[SafeString, SafeString]] = {}
    for key, is_public, title, piece in documents:
        if is_public:
            found[key] = marked(title), marked(piece) if _START in piece else SafeString()
        elif key in found and _START in piece and "<mark>" not in found[key][1]:
            found[key] = found[key][0], marked(piece)
    return found


def marked(text: str) -> SafeString:
    """Escape the text, then turn the database's marks into `<mark>`; each begins and ends, whatever the text holds."""
    shown, is_open = [], False
    for letter in text[:_MARKED_CHARACTERS]:
        if letter in (_START, _STOP):
            if is_open != (letter == _START):
                shown.append("<mark>" if letter == _START else "</mark>")
                is_open = letter == _START
        else:
            shown.append(escape(letter))
    if is_open:
        shown.append("</mark>")
    return mark_safe("".join(shown))  # noqa: S308 - every letter was escaped


def people_named(text: str, viewer: Any, limit: int = ALSO) -> list[User]:
    """
    Visible people whose name, e-mail or phone holds the text.

    A number is compared digit by digit, however it is written: 020 7946 0958 finds +44 (0)20-7946-0958.
    """
    if not access_of(viewer).allows("people.view"):
        return []
    people = people_visible_to(viewer).filter(is_active=True)
    digits = _digits(text)
    if digits:
        stripped = Func(F("phone"), Value(r"\(0\)|\D"), Value(""), Value("g"), function="regexp_replace")
        people = people.annotate(digits=stripped).filter(digits__contains=digits)
    else:
        people = people.matching(text)
    return list(people.select_related("organization")[:limit])


def _digits(text: str) -> str:
    """The digits of what can only be a phone number, without those that begin it at home or abroad; else nothing."""
    if not _PHONE.fullmatch(text):
        return ""
    digits = "".join(letter for letter in text.replace("(0)", "") if letter.isdigit()).lstrip("0")
    return digits if len(digits) >= SHORTEST_PHONE else ""


def services_named(text: str, viewer: Any, limit: int = ALSO) -> list[Service]:
    return list(services_visible_to(viewer).filter(name__icontains=text).order_by("name")[:limit])
