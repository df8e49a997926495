"""Values of attributes: read as people, files and programs write them, kept as JSON, shown in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from common.refusals import Refusal

from .models import AttributeKind, TypeAttribute

LONGEST_TEXT = 500
MOST_DIGITS = 30
_YES, _NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


class Unfit(ValueError):
    """A value that the attribute can't have; the message is a sentence for people."""


def read(attribute: TypeAttribute, value: Any) -> Any:
    """
    The value as JSON keeps it; None for nothing said.

    :raises Unfit: it is not of the attribute's kind.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    text = value.strip() if isinstance(value, str) else value
    match attribute.kind:
        case AttributeKind.NUMBER:
            return _number(attribute, text)
        case AttributeKind.DATE:
            return _date(attribute, text)
        case AttributeKind.YES_NO:
            return _yes_no(attribute, text)
        case AttributeKind.CHOICE:
            return _choice(attribute, text)
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise Unfit(_("“%(label)s” is a text.") % {"label": attribute.label})
    if len(str(text)) > LONGEST_TEXT:
        raise Unfit(
            _("“%(label)s” has more than %(limit)d characters.") % {"label": attribute.label, "limit": LONGEST_TEXT}
        )
    return str(text).replace("\x00", "")


def _number(attribute: TypeAttribute, value: Any) -> int | float:
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > MOST_DIGITS:
            raise InvalidOperation
        number = Decimal(str(value))
        if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
            raise InvalidOperation
    except InvalidOperation:
        raise Unfit(
            _("“%(label)s” is a number such as 16 or 2.5, not “%(value)s”.")
            % {"label": attribute.label, "value": str(value)[:40]}
        ) from None
    return int(number) if number == number.to_integral_value() else float(number)


def _date(attribute: TypeAttribute, value: Any) -> str:
    try:
        return date.fromisoformat(value if isinstance(value, str) and len(value) == 10 else "").isoformat()
    except ValueError:
        raise Unfit(
            _("“%(label)s” is a date such as 2026-03-02, not “%(value)s”.")
            % {"label": attribute.label, "value": str(value)[:40]}
        ) from None


def _yes_no(attribute: TypeAttribute, value: Any) -> bool:
    word = str(value).lower()
    if word not in _YES | _NO:
        raise Unfit(
            _("“%(label)s” is yes or no, not “%(value)s”.") % {"label": attribute.label, "value": str(value)[:40]}
        )
    return word in _YES


def _choice(attribute: TypeAttribute, value: Any) -> str:
    by_word = {each.casefold(): each for each in attribute.choices}
    found = by_word.get(str(value).casefold())
    if found is None:
        raise Unfit(
            _("“%(label)s” is one of %(choices)s, not “%(value)s”.")
            % {"label": attribute.label, "choices": ", ".join(attribute.choices), "value": str(value)[:40]}
        )
    return found


def read_all(attributes: Iterable[TypeAttribute], values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    """
    All values that an item of the type has, and what is wrong with those said, each with its field.

    :param values: by key; those of other keys are refused.
    """
    known = {each.key: each for each in attributes}
    read_values: dict[str, Any] = {}
    refusals = [
        Refusal("unknown_attribute", _("Items of this type have no “%(key)s”.") % {"key": key[:40]}, "attributes")
        for key in values
        if key not in known
    ]
    for key, attribute in known.items():
        try:
            value = read(attribute, values.get(key))
        except Unfit as unfit:
            refusals.append(Refusal("unfit", str(unfit), f"attributes.{key}"))
            continue
        if value is not None:
            read_values[key] = value
        elif attribute.is_required:
            sentence = _("Say what “%(label)s” is.") % {"label": attribute.label}
            refusals.append(Refusal("required", sentence, f"attributes.{key}"))
    return read_values, refusals


def shown(attribute: TypeAttribute, value: Any) -> str:
    """The value in words of the reader; nothing for None."""
    if value is None:
        return ""
    if attribute.kind == AttributeKind.YES_NO:
        return _("yes") if value else _("no")
    if attribute.kind == AttributeKind.DATE:
        return str(formats.date_format(date.fromisoformat(value), "DATE_FORMAT"))
    if attribute.kind == AttributeKind.NUMBER:
        return str(formats.number_format(value))
    return str(value)
