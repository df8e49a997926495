"""A report as people read it: the plain values of its document in words, each figure with the address of its rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.months import Month
from records import practices

from ..availability.spans import micros
from ..availability.writing import duration, share
from ..dashboard.delays import DELAYS
from ..declarations import label_of
from . import cells, promised, sayings
from .chapters import find
from .gathering.uptime import share_of
from .models import ServiceReport
from .trends import Trend, month_of_slug

Address = Callable[[str], str]


@dataclass(frozen=True)
class Figure:
    """A count that opens the rows it counts. :param url: empty where nothing is to open."""

    count: int
    url: str

    def __str__(self) -> str:
        return sayings.whole(self.count)


def _no_address(_key: str) -> str:
    return ""


class Reading:
    """
    One report for one reader. A draft reads like an issued one.

    :param address: by key of a figure, where its rows are listed.
    """

    def __init__(self, report: ServiceReport, address: Address = _no_address) -> None:
        self.report, self.document, self._address = report, report.document, address
        self.zone = ZoneInfo(self.document["zone"])

    def figure(self, said: dict[str, Any]) -> Figure:
        return Figure(said["count"], self._address(said["key"]) if said["key"] else "")

    @property
    def counted_at(self) -> datetime | None:
        return parse_datetime(self.document["counted_at"])

    @property
    def bounds(self) -> str:
        """From midnight to midnight, in the zone of the report."""
        month = self.report.month
        begin = month.began_at.astimezone(self.zone)
        end = month.ended_at.astimezone(self.zone)
        return _("%(begin)s to %(end)s, %(zone)s") % {
            "begin": date_format(begin, "j M Y H:i"),
            "end": date_format(end, "j M Y H:i"),
            "zone": self.zone.key,
        }

    def _targets(self, said: dict[str, Any], target: str | None) -> dict[str, Any]:
        met, missed, excused = (said[name]["count"] for name in ("met", "missed", "excused"))
        raw = Fraction(met, met + missed) if met + missed else None
        against = met + missed - excused
        judged = Fraction(met, against) if against else None
        held = None if target is None or judged is None else judged * 100 >= Fraction(target)
        return {
            "met": self.figure(said["met"]),
            "missed": self.figure(said["missed"]),
            "excused": self.figure(said["excused"]),
            "finished": sayings.whole(met + missed),
            "raw": sayings.attained(raw),
            "judged": sayings.attained(judged),
            "is_held": held,
            "is_indicative": 0 < met + missed < sayings.FEW,
        }

    @cached_property
    def agreements(self) -> list[dict[str, Any]]:
        """Targets by agreement, and below each by clock and priority."""
        return [
            {
                "id": each["id"],
                "name": each["name"] or _("no agreement"),
                "slug": each["slug"],
                "target": sayings.plain_percent(each["target"]),
                **self._targets(each, each["target"]),
                "parts": [
                    {
                        "clock": _clock(part["clock"]),
                        "priority": part["priority"],
                        **self._targets(part, None),
                    }
                    for part in each["parts"]
                ],
            }
            for each in self.document["attainment"]["agreements"]
        ]

    @cached_property
    def has_excused(self) -> bool:
        return any(each["excused"].count for each in self.agreements)

    @cached_property
    def misses(self) -> list[dict[str, Any]]:
        return [
            each
            | {
                "clock": _clock(each["clock"]),
                "over": "–" if each["over_seconds"] is None else sayings.of_seconds(each["over_seconds"]),
                "why": [str(DELAYS[name][0]) for name in each["delays"] if name in DELAYS],
            }
            for each in self.document["attainment"]["misses"]
        ]

    @property
    def misses_left_out(self) -> int:
        return int(self.document["attainment"]["missed"]) - len(self.misses)

    @cached_property
    def tickets(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": kind_label(each["kind"]),
                **{name: self.figure(each[name]) for name in ("opened", "done", "open")},
                "priorities": [
                    {
                        "priority": row["priority"],
                        **{name: self.figure(row[name]) for name in ("opened", "done", "open")},
                    }
                    for row in each["priorities"]
                ],
            }
            for each in self.document["tickets"]
        ]

    @cached_property
    def services(self) -> list[dict[str, Any]]:
        return [self._service(each) for each in self.document["availability"]]

    def _service(self, said: dict[str, Any]) -> dict[str, Any]:
        parts = [_uptime(each) | {"span": sayings.span(each)} for each in said.get("parts", ())]
        judged = [each["is_held"] for each in parts if each["is_held"] is not None]
        found = _uptime(said)
        return found | {
            "name": said["name"],
            "slug": said["slug"],
            "parts": parts,
            "is_held": all(judged) if judged else found["is_held"],
            "failures": said["failures"],
            "outages": self.figure(said["outages"]),
        }

    @cached_property
    def promises(self) -> list[dict[str, Any]]:
        """Volume limits and quality targets; reports issued before these were told have none."""
        return [
            {"agreement": each["agreement"]} | promised.read(each, self.figure)
            for each in self.document.get("promises", [])
        ]

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """What each service is said to be; reports issued before these were told have none."""
        return [cells.read(each, self.services, self.figure) for each in self.document.get("cells", [])]

    @cached_property
    def outages(self) -> list[dict[str, Any]]:
        return [
            each
            | {
                "started_at": (started := _moment(each["started_at"])),
                "ended_at": (ended := _moment(each["ended_at"])),
                "started": self._local(started),
                "ended": self._local(ended),
                "lasted": duration(micros(ended) - micros(started)) if started and ended else _("goes on"),
            }
            for each in self.document["outages"]
        ]

    def _local(self, at: datetime | None) -> str:
        """In the zone of the report, which the report names once."""
        return date_format(at.astimezone(self.zone), "j M, H:i") if at is not None else ""

    @cached_property
    def chapters(self) -> list[dict[str, Any]]:
        """Titles in the reader's language where the practice is still there."""
        found = []
        for each in self.document["chapters"]:
            known = find(each["name"])
            found.append(
                each
                | {
                    "title": str(known.title) if known else each["title"],
                    "empty": str(known.empty) if known else each["empty"],
                    "figure": self.figure(each),
                    "left_out": each["count"] - len(each["rows"]),
                }
            )
        return found

    @cached_property
    def credits(self) -> list[dict[str, Any]]:
        return [
            each
            | {
                "fee_text": sayings.money(each["fee"], each["currency"]),
                "amount_text": sayings.money(each["amount"], each["currency"]),
                "percent_text": sayings.plain_percent(each["percent"]),
                "capped_text": sayings.plain_percent(each["capped_percent"]),
                "cap_text": sayings.plain_percent(each["cap_percent"]),
                "sum_text": " ".join(
                    filter(None, (sayings.credit_fee(each), sayings.credit_sum(each), sayings.credit_before(each)))
                ),
                "lines": [_judged(line) for line in [*each["lines"], *each.get("kept", ())]],
            }
            for each in self.document["credits"]
        ]

    @cached_property
    def corrections(self) -> list[dict[str, Any]]:
        found = []
        for each in self.document["corrections"]:
            name = each["name"] or (kind_label(each["of"]) if each["what"] == "tickets" else _("no agreement"))
            what, was, now = sayings.corrected(each, name)
            found.append({"month": self._month(each["month"]).label, "what": what, "was": was, "now": now})
        return found

    def _month(self, slug: str) -> Month:
        return month_of_slug(slug, self.zone)

    @cached_property
    def trend(self) -> Trend:
        return Trend(self.document, self.zone)

    @property
    def headlines(self) -> Iterable[dict[str, Any]]:
        """The first numbers of the report: one line of figures."""
        total_met = sum(each["met"].count for each in self.agreements)
        total = total_met + sum(each["missed"].count for each in self.agreements)
        against = total - sum(each["excused"].count for each in self.agreements)
        held = [each["is_held"] for each in self.services if each["is_held"] is not None]
        yield {
            "label": _("Targets met"),
            "number": sayings.attained(Fraction(total_met, total) if total else None),
            "detail": _("%(met)s of %(total)s; %(judged)s with excuses")
            % {
                "met": sayings.whole(total_met),
                "total": sayings.whole(total),
                "judged": sayings.attained(Fraction(total_met, against) if against else None),
            },
        }
        for each in self.tickets:
            yield {
                "label": each["kind"],
                "number": str(each["opened"]),
                "detail": _("came; %(done)s done, %(open)s open at the end")
                % {"done": each["done"], "open": each["open"]},
            }
        if held:
            yield {
                "label": _("Availability held"),
                "number": _("%(held)s of %(count)s") % {"held": sum(held), "count": len(held)},
                "detail": _("services with a target"),
            }
        for each in self.credits:
            yield {"label": _("Service credit"), "number": each["amount_text"], "detail": each["agreement"]}


def _uptime(said: dict[str, Any]) -> dict[str, Any]:
    """Availability of a month, or of the days for which one promise ruled."""
    kept = share_of(said)
    target = None if said["target"] is None else Fraction(said["target"]) / 100
    return {
        "agreement_id": said["agreement_id"],
        "agreement": said["agreement"],
        "target": sayings.plain_percent(said["target"]),
        "availability": share(kept),
        "share": kept,
        "is_held": None if target is None or kept is None else kept >= target,
        "agreed": sayings.of_seconds(said["agreed_seconds"]),
        "downtime": sayings.of_hundredths(said["lost_hundredths"]),
    }


def _clock(kind: str) -> str:
    return str(label_of(kind))


def kind_label(kind: str) -> str:
    """What records of a kind are called, in the plural."""
    return next((capfirst(str(each.label_plural)) for each in practices.all_practices() if each.kind == kind), kind)


def _judged(line: dict[str, Any]) -> dict[str, str]:
    """A promise for which credits are given: what it came to, and what that gives; of old reports those that do."""
    return {
        "promise": sayings.promise(line),
        "value": _("nothing measured") if line["value"] is None else share(Fraction(*line["value"])),
        "below": sayings.plain_percent(line["below_percent"]),
        "credit": sayings.plain_percent(line["credit_percent"]) if "credit_percent" in line else "–",
    }


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
