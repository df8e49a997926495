"""The examples of the gallery: made-up people and records, so that it needs no data."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

COMPONENTS = (
    "avatar", "banner", "bar_list", "breadcrumbs", "bulk_bar", "button", "chart", "chip", "clock_mark", "combobox",
    "composer", "confirm", "conflict", "dialog", "empty", "error_summary", "facts", "field", "heatmap", "menu", "meter",
    "pager", "panel", "priority_mark", "skeleton", "sparkline", "stat", "state_mark", "table", "tabs", "timeline_entry",
    "toast",
)  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    """A person of the gallery."""

    name: str
    initials: str

    def __str__(self) -> str:
        return self.name


class ExampleForm(forms.Form):
    """One field of each kind, one of them refused."""

    subject = forms.CharField(label=_("In a line"), help_text=_("What the caller says, in their words."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    impact = forms.ChoiceField(
        label=_("Impact"), choices=[("1", _("one person")), ("2", _("a team"))], widget=forms.RadioSelect
    )
    details = forms.CharField(label=_("Details"), required=False, widget=forms.Textarea)


def _heat(seed: int) -> list[dict[str, Any]]:
    counts = [(seed * 7 + hour * hour) % 11 for hour in range(6, 18)]
    return [
        {"value": count, "url": "#heatmap" if count else "", "step": (count + 1) // 2, "label": f"{count} tickets"}
        for count in counts
    ]


def inputs() -> dict[str, Any]:
    """What the gallery's template shows."""
    now = timezone.now()
    form = ExampleForm({"email": "ana(at)example.org", "impact": "1", "details": "Since this morning."})
    form.is_valid()
    weeks = [f"W{week}" for week in range(10, 22)]
    attained = [96.1, 95.2, 95.8, 94.0, None, 93.1, 94.4, 95.9, 96.3, 94.9, 93.8, 94.2]
    return {
        "components": COMPONENTS,
        "tokens": TOKENS,
        "tom": Somebody("Tom Beck", "TB"),
        "ana": Somebody("Ana Ruiz", "AR"),
        "form": form,
        "now": now,
        "an_hour_ago": now - timedelta(hours=1),
        "tomorrow": now + timedelta(days=1),
        "clocks": [
            ("on-track", 20_760.0),
            ("due-soon", 6_300.0),
            ("at-risk", 660.0),
            ("breached", -2_520.0),
            ("paused", None),
            ("met", None),
            ("missed", None),
            ("none", None),
        ],
        "states": [
            ("new", "open"),
            ("in_progress", "open"),
            ("on_hold", "waiting"),
            ("resolved", "done"),
            ("closed", "done"),
        ],
        "rows": [
            (
                "INC-10200",
                "VPN drops every 20 minutes on the home network",
                2,
                "in_progress",
                "open",
                "breached",
                -2_520.0,
            ),
            ("INC-10201", "Wi-Fi slow in room Bergen", 3, "new", "open", "at-risk", 660.0),
            (
                "INC-10202",
                "Payroll export fails with a very long message that does not fit the column at all",
                1,
                "on_hold",
                "waiting",
                "paused",
                None,
            ),
            ("INC-10203", "طابعة الطابق الثالث لا تعمل", 4, "in_progress", "open", "on-track", 20_760.0),
        ],
        "crumbs": [
            {"label": _("Recover"), "url": ""},
            {"label": _("Incidents"), "url": "#"},
            {"label": "INC-10234", "url": ""},
        ],
        "tabs": [
            {"label": _("All"), "url": "?tab=all", "count": 14, "is_current": True},
            {"label": _("Conversation"), "url": "?tab=conversation", "count": 6, "is_current": False},
            {"label": _("Work notes"), "url": "?tab=notes", "count": 5, "is_current": False},
        ],
        "filters": [{"label": "sla:<30m", "remove_url": "?"}, {"label": "team:@mine", "remove_url": "?"}],
        "facts": [(_("Requester"), "Ana Ruiz"), (_("Service"), "Network > VPN"), (_("Source"), _("e-mail"))],
        "series": attained,
        "banners": ["info", "warn", "bad", "ok", "plan", "offline"],
        "hours": [f"{hour:02}" for hour in range(6, 18)],
        "heat": [{"label": day, "cells": _heat(seed)} for seed, day in enumerate(["Mon", "Tue", "Wed", "Thu", "Fri"])],
        "bars": [
            {"label": _("waiting for us"), "number": 48, "percent": 100, "url": "#bar_list", "tone": "bad"},
            {"label": _("reassigned 3 times or more"), "number": 22, "percent": 46, "url": "#bar_list", "tone": "risk"},
            {"label": _("late pick-up"), "number": 19, "percent": 40, "url": "#bar_list", "tone": "risk"},
        ],
        "chart": {
            "kind": "line",
            "labels": weeks,
            "unit": "%",
            "min": 90,
            "max": 100,
            "target": {"label": str(_("target")), "value": 95},
            "series": [{"label": str(_("attained")), "values": attained}],
        },
        "chart_head": [_("Week"), _("Attained")],
        "chart_rows": list(zip(weeks, attained, strict=True)),
    }


CHART_TOKENS = [
    "viz-ok",
    "viz-risk",
    "viz-bad",
    *(f"{scale}-{step}" for scale in ("cat", "seq") for step in range(1, 6)),
]
MEANINGS = [f"{tone}{part}" for tone in ("ok", "warn", "risk", "bad", "plan") for part in ("", "-tint")]
SURFACES = ["canvas", "surface", "sunken", "selected", "text", "muted", "border", "control"]
TOKENS = [*SURFACES, "accent", "accent-strong", "on-accent", *MEANINGS, *CHART_TOKENS]
