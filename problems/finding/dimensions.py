"""By what incidents are counted: each dimension knows its column, its names, and how the queue asks for one value."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Team
from records.enums import LinkKind
from records.models import Category, Link, Record
from records.query.ast import render_text
from services.models import ConfigurationItem, Service

NONE = "none"


@dataclass(frozen=True)
class Named:
    """How one value reads, and what a query says for it; None where the language can't name it without doubt."""

    label: str
    query: str | None = None


@dataclass(frozen=True)
class Dimension:
    """
    :param column: expression over incidents whose value is counted; texts use the empty one for none.
    :param names: keys -> how they read, a statement or two for all of them.
    :param none: how the value reads that nobody wrote down. :param term: the field of the query language.
    """

    name: str
    label: Any
    column: Callable[[], Any]
    names: Callable[[list[Any]], dict[Any, Named]]
    none: Any
    term: str = ""
    is_text: bool = False

    def shown(self, keys: Iterable[Any]) -> dict[Any, Named]:
        """Every key with its name, the missing value included."""
        keys = list(keys)
        found = self.names([key for key in keys if key not in (None, "")])
        for key in keys:
            if key in (None, ""):
                found[key] = Named(str(self.none), f"{self.term}:{NONE}" if self.term else None)
            elif key not in found:
                found[key] = Named(_("removed"))
        return found

    def slug(self, key: Any) -> str:
        """How a key stands in an address."""
        return NONE if key in (None, "") else str(key)

    def key(self, slug: str) -> Any:
        """:raises ValueError: no key of this dimension reads like this."""
        if slug == NONE:
            return "" if self.is_text else None
        return slug if self.is_text else int(slug)


def _quoted(term: str, text: str) -> str:
    return f"{term}:{render_text(text)}"


def _places(model: Any, term: str) -> Callable[[list[Any]], dict[Any, Named]]:
    """Services and teams: their short name stands in queries, unless another one's name reads the same."""

    def names(keys: list[Any]) -> dict[Any, Named]:
        rows = list(model.objects.values_list("pk", "slug", "name"))
        said = Counter(text for _key, slug, name in rows for text in {slug.lower(), name.lower()})
        wanted = set(keys)
        return {
            key: Named(name, _quoted(term, slug) if said[slug.lower()] == 1 else None)
            for key, slug, name in rows
            if key in wanted
        }

    return names


def _items(keys: list[Any]) -> dict[Any, Named]:
    rows = dict(ConfigurationItem.objects.filter(pk__in=keys).values_list("pk", "name"))
    lowered = {name.lower() for name in rows.values()}
    alike = ConfigurationItem.objects.annotate(low=Lower("name")).filter(low__in=lowered)
    said = Counter(alike.values_list("low", flat=True))
    return {key: Named(name, _quoted("ci", name) if said[name.lower()] == 1 else None) for key, name in rows.items()}


def _categories(keys: list[Any]) -> dict[Any, Named]:
    """A query for a category finds those below it as well, and any other category of this name."""
    rows = list(Category.objects.values_list("pk", "name", "parent_id"))
    by_key = {key: name for key, name, _parent in rows}
    said = Counter(name.lower() for _key, name, _parent in rows)
    wanted = set(keys)
    found = {}
    for key, name, parent in rows:
        if key in wanted:
            label = f"{by_key[parent]} › {name}" if parent else name
            found[key] = Named(label, _quoted("category", name) if said[name.lower()] == 1 else None)
    return found


def _leaves(keys: list[Any]) -> dict[Any, Named]:
    """Of a category with others below it the query would find those as well."""
    parents = set(Category.objects.filter(parent__in=keys).values_list("parent_id", flat=True))
    return {key: Named(each.label, None if key in parents else each.query) for key, each in _categories(keys).items()}


def _problems(keys: list[Any]) -> dict[Any, Named]:
    rows = Record.objects.filter(pk__in=keys)
    return {row.pk: Named(str(row)) for row in rows}


def _texts(keys: list[Any]) -> dict[Any, Named]:
    return {key: Named(str(key)) for key in keys}


def _first_problem() -> Any:
    """An incident of several problems counts under the one that it was linked with first."""
    links = Link.objects.filter(from_record=OuterRef("pk"), kind=LinkKind.CAUSED_BY, to_record__kind="problem")
    return Subquery(links.order_by("pk").values("to_record")[:1])


_NO_CATEGORY = gettext_lazy("No category")
DIMENSIONS = {
    each.name: each
    for each in (
        Dimension("cause", gettext_lazy("Cause"), lambda: F("cause_code"), _texts, gettext_lazy("No cause noted"),
                  is_text=True),
        Dimension("problem", gettext_lazy("Problem"), _first_problem, _problems, gettext_lazy("No problem linked")),
        Dimension("service", gettext_lazy("Service"), lambda: F("service_id"), _places(Service, "service"),
                  gettext_lazy("No service"), "service"),
        Dimension("item", gettext_lazy("Item"), lambda: F("item_id"), _items, gettext_lazy("No item"), "ci"),
        Dimension("category", gettext_lazy("Category"), lambda: Coalesce(F("category__parent_id"), F("category_id")),
                  _categories, _NO_CATEGORY, "category"),
        Dimension("subcategory", gettext_lazy("Subcategory"), lambda: F("category_id"), _leaves, _NO_CATEGORY,
                  "category"),
        Dimension("symptom", gettext_lazy("Symptom"), lambda: F("symptom"), _texts,
                  gettext_lazy("No symptom noted"), is_text=True),
        Dimension("team", gettext_lazy("Team"), lambda: F("team_id"), _places(Team, "team"), gettext_lazy("No team"),
                  "team"),
    )
}  # fmt: skip
