"""How numbers of a report read. Shares are cut and never rounded up, so that a missed target never looks met."""

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

from django.utils import formats
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..availability.spans import SECOND
from ..availability.writing import duration
from ..enums import VolumePeriod
from . import currencies
from .enums import PartMonth

FEW = 30
PROMISES = {
    "attainment": gettext_lazy("targets met"),
    "response": gettext_lazy("response targets met"),
    "resolution": gettext_lazy("resolution targets met"),
    "availability": gettext_lazy("availability of %(of)s"),
}
FIGURES = {
    ("attainment", "met"): gettext_lazy("%(name)s: targets met"),
    ("attainment", "missed"): gettext_lazy("%(name)s: targets missed"),
    ("attainment", "excused"): gettext_lazy("%(name)s: misses excused"),
    ("tickets", "opened"): gettext_lazy("%(name)s that came"),
    ("tickets", "done"): gettext_lazy("%(name)s done"),
    ("availability", "agreed_seconds"): gettext_lazy("%(name)s: agreed service time"),
    ("availability", "lost_hundredths"): gettext_lazy("%(name)s: downtime"),
    ("credit", "amount"): gettext_lazy("%(name)s: service credit"),
}


def attained(share: Fraction | None, *, is_less_better: bool = False) -> str:
    """`94.2%`, cut to one decimal towards what is worse; `n/a` where nothing finished."""
    if share is None:
        return _("n/a")
    rounding = ROUND_CEILING if is_less_better else ROUND_FLOOR
    cut = (Decimal(share.numerator * 100) / share.denominator).quantize(Decimal("0.1"), rounding)
    return f"{formats.number_format(cut, 1, use_l10n=True)}%"


def plain_percent(text: str | None) -> str:
    """A percentage that was kept as text, without needless zeros: `99.50` is `99.5%`."""
    if text is None:
        return "–"
    value = Decimal(text)
    shown = f"{value:f}".rstrip("0").rstrip(".") if "." in text else text
    places = len(shown.partition(".")[2])
    return f"{formats.number_format(Decimal(shown), places, use_l10n=True)}%"


def money(amount: str, currency: str) -> str:
    """`1,234.50 EUR`, `1,235 JPY`, `1,234.500 KWD`."""
    value, places = Decimal(amount), currencies.places(currency)
    return f"{formats.number_format(value, places, use_l10n=True, force_grouping=True)} {currency}"


def whole(number: int) -> str:
    return str(formats.number_format(number, 0, use_l10n=True, force_grouping=True))


def of_seconds(seconds: int) -> str:
    return duration(seconds * SECOND)


def of_hundredths(hundredths: int) -> str:
    return duration(hundredths * (SECOND // 100))


def _kept_money(text: str) -> str:
    return money(*text.split(" "))


def volume(said: dict[str, Any]) -> str:
    """How many tickets an agreement covers."""
    return _("up to %(most)s %(per)s") % {"most": whole(said["most"]), "per": VolumePeriod(said["per"]).label}


def busiest(said: dict[str, Any]) -> str:
    """When most came, where the month has several spans, and in how many of them it were too many."""
    if said["per"] == VolumePeriod.MONTH:
        return _("in force on %(days)s of %(of_days)s days") % said if "days" in said else ""
    if said["busiest"] is None:
        return _("no whole week in force")
    day = date_format(date.fromisoformat(said["busiest"]), "j M")
    words = {
        VolumePeriod.DAY: _("busiest day: %(day)s; over on %(over)s of %(spans)s days"),
        VolumePeriod.WEEK: _("busiest week: from %(day)s; over in %(over)s of %(spans)s weeks"),
    }
    return words[VolumePeriod(said["per"])] % {"day": day, "over": said["over"], "spans": said["spans"]}


def bound(said: dict[str, Any]) -> str:
    """What was promised of a measure."""
    words = _("at least %(bound)s") if said["is_at_least"] else _("at most %(bound)s")
    return words % {"bound": plain_percent(said["bound"])}


def promise(line: dict[str, Any]) -> str:
    """What a service credit is given for."""
    return str(PROMISES[line["promise"]]) % {"of": line["of"]}


def corrected(told: dict[str, Any], name: str) -> tuple[str, str, str]:
    """A correction: what, as it was told, as it is. :param name: of the row, in the reader's language."""
    what = str(FIGURES[told["what"], told["figure"]]) % {"name": name}
    writers = {"agreed_seconds": of_seconds, "lost_hundredths": of_hundredths, "amount": _kept_money}
    write: Any = writers.get(told["figure"], whole)
    return what, write(told["was"]), write(told["now"])


def span(said: dict[str, Any]) -> str:
    """`15 Feb to 28 Feb`: the days of a promise that ruled for a part of the month."""
    first, last = (date_format(date.fromisoformat(said[name]), "j M") for name in ("first_day", "last_day"))
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def credit_fee(said: dict[str, Any]) -> str:
    """What counts of the fee, where the agreement was in force for a part of the month; else empty."""
    if "days" not in said or said["days"] == said["of_days"]:
        return ""
    words = {
        "days": said["days"],
        "of_days": said["of_days"],
        "whole": money(said["monthly_fee"], said["currency"]),
        "fee": money(said["fee"], said["currency"]),
    }
    if not said["days"]:
        return _("In force on no day of the month, so no fee counts.")
    if said["part_month"] == PartMonth.WHOLE:
        return _("In force on %(days)s of %(of_days)s days; the whole fee counts: %(fee)s.") % words
    return _("In force on %(days)s of %(of_days)s days: %(fee)s of %(whole)s count.") % words


def credit_sum(said: dict[str, Any]) -> str:
    """How the amount of a credit came about, in one line."""
    fee = money(said["fee"], said["currency"])
    if not said["lines"]:
        if said.get("kept") and all(each["value"] is None for each in said["kept"]):
            return _("Nothing of what it promises could be measured; nothing is given back of %(fee)s.") % {"fee": fee}
        return _("Every promise was kept; nothing is given back of %(fee)s.") % {"fee": fee}
    words = {
        "sum": " + ".join(plain_percent(each["credit_percent"]) for each in said["lines"]),
        "percent": plain_percent(said["percent"]),
        "capped": plain_percent(said["capped_percent"]),
        "fee": fee,
        "amount": money(said["amount"], said["currency"]),
    }
    if len(said["lines"]) == 1 and said["is_capped"]:
        return _("%(sum)s, at most %(capped)s: %(capped)s of %(fee)s = %(amount)s.") % words
    if len(said["lines"]) == 1:
        return _("%(sum)s of %(fee)s = %(amount)s.") % words
    if said["is_capped"]:
        return _("%(sum)s = %(percent)s, at most %(capped)s: %(capped)s of %(fee)s = %(amount)s.") % words
    return _("%(sum)s = %(percent)s of %(fee)s = %(amount)s.") % words


def credit_before(said: dict[str, Any]) -> str:
    """In a corrected edition: what the one before said, and what is still to be settled. Else empty."""
    if "before" not in said:
        return ""
    was, now = Decimal(said["before"] or 0), Decimal(said["amount"])
    words = {"was": money(str(was), said["currency"]), "rest": money(str(abs(now - was)), said["currency"])}
    if now == was:
        return _("The edition before said the same.")
    if now > was:
        return _("The edition before said %(was)s: %(rest)s more are given back.") % words
    return _("The edition before said %(was)s: %(rest)s less are given back.") % words
