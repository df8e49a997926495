"""The twelve months of a report as rows and charts."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.months import Month, read

from ..availability.writing import share
from . import sayings
from .charts import Drawing, Series, columns
from .gathering.uptime import share_of


def month_of_slug(slug: str, zone: ZoneInfo) -> Month:
    """The month that a document names."""
    first = read(slug)
    assert first is not None, "documents name months as we write them"
    return Month(first, zone)


def _judged(said: Mapping[str, Any]) -> str:
    """Attainment with excuses; reports issued before these were told by month have none."""
    if "excused" not in said:
        return "–"
    against = said["finished"] - said["excused"]
    return sayings.attained(Fraction(said["met"], against) if against else None)


class Trend:
    """What the document of a report says of twelve months."""

    def __init__(self, document: Mapping[str, Any], zone: ZoneInfo) -> None:
        self.document, self.zone = document, zone

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return [self._row(each) for each in self.document["trend"]]

    def _row(self, said: dict[str, Any]) -> dict[str, Any]:
        month = month_of_slug(said["month"], self.zone)
        met = Fraction(said["met"], said["finished"]) if said["finished"] else None
        return said | {
            "label": month.label,
            "short": date_format(month.first, "M"),
            "share": met,
            "attained": sayings.attained(met),
            "judged": _judged(said),
            "shares": [
                share(share_of(said["availability"][str(each["id"])])) for each in self.document["availability"]
            ],
        }

    @property
    def has_any(self) -> bool:
        return any(each["finished"] or each["opened"] or each["done"] for each in self.rows)

    @cached_property
    def attainment_chart(self) -> Drawing:
        """Twelve months of targets met; a month without finished clocks is a gap."""
        shares = [None if each["share"] is None else float(each["share"] * 100) for each in self.rows]
        targets = {each["target"] for each in self.document["attainment"]["agreements"]} - {None}
        target = float(targets.pop()) if len(targets) == 1 else None
        bad = [value is not None and target is not None and value < target for value in shares]
        return columns(
            [each["short"] for each in self.rows], [Series(shares, "first", bad)], high=100, target=target,
            unit="%",
        )  # fmt: skip

    @cached_property
    def tickets_chart(self) -> Drawing:
        opened = [float(each["opened"]) for each in self.rows]
        done = [float(each["done"]) for each in self.rows]
        most = max([*opened, *done, 1])
        return columns(
            [each["short"] for each in self.rows], [Series(opened, "first"), Series(done, "second")],
            high=float(-(-int(most) // 10) * 10 if most > 10 else 10),
        )  # fmt: skip

    @property
    def ticket_keys(self) -> list[tuple[str, str]]:
        """Role and name of the columns."""
        return [("first", _("came")), ("second", _("done"))]

    @cached_property
    def _service_ids(self) -> list[int]:
        return [each["id"] for each in self.document["availability"]]

    @property
    def service_names(self) -> list[str]:
        """In the order of the shares of each month."""
        return [each["name"] for each in self.document["availability"]]
