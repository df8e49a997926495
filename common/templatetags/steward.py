"""
Tags and filters of every page: icons, components, marks, moments and durations.

The marks that stand in each row of a queue (clock, priority, state, avatar) are written here in Python, since a
template include for each of a few hundred cells would cost more than the rest of the page.
"""

from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django import template
from django.core.signals import setting_changed
from django.template import Context, Engine
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from common import speech
from common.time import hours_and_minutes, whole_minutes_left

register = template.Library()

CLOCK_MARKS = {
    "on-track": ("", gettext_lazy("on track")),
    "due-soon": ("mark-diamond", gettext_lazy("due soon")),
    "at-risk": ("mark-triangle", gettext_lazy("at risk")),
    "breached": ("mark-square", gettext_lazy("breached")),
    "paused": ("pause", gettext_lazy("paused")),
    "met": ("check", gettext_lazy("met")),
    "missed": ("x", gettext_lazy("missed")),
    "none": ("minus", gettext_lazy("no clock")),
}
PRIORITY_ICONS = {1: "chevrons-up", 2: "chevron-up", 3: "equal", 4: "chevron-down", 5: "minus"}
STATE_ICONS = {
    "new": "circle",
    "on_hold": "pause",
    "resolved": "circle-check",
    "closed": "mark-dot",
    "cancelled": "circle-slash",
}
PHASE_ICONS = {"open": "mark-half", "waiting": "pause", "done": "circle-check"}


@cache
def _built(name: str) -> str:
    return static(f"steward/build/{name}")


@setting_changed.connect
def _forget_built(*, setting: str, **_kwargs: Any) -> None:
    if setting in {"STATIC_URL", "STORAGES", "STATICFILES_STORAGE"}:
        _built.cache_clear()


@register.simple_tag
def static_build(name: str) -> str:
    """The address of a file that the asset build made, such as `app.css`."""
    return _built(name)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "", mirrored: bool = False) -> SafeString:
    """
    One icon of the sprite, 16 px, in the color of the text.

    :param label: what it means, when no text beside it says so; without one it is hidden from screen readers.
    :param size: small (12 px) or large (24 px).
    :param mirrored: turns around in right-to-left languages: arrows, not clocks.
    """
    return _drawn(f"{_built('icons.svg')}#{name}", str(label), size, mirrored)


@lru_cache(maxsize=1_024)
def _drawn(address: str, label: str, size: str, mirrored: bool) -> SafeString:
    classes = "icon" + (f" icon--{size}" if size else "") + (" icon--mirrored" if mirrored else "")
    if label:
        text = '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>'
        return format_html(text, classes, label, address)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, address)


@register.simple_block_tag(takes_context=True)
def component(context: Context, content: str, name: str, **inputs: Any) -> str:
    """Render components/<name>.html with the inputs named; what stands between the tags is its `slot`."""
    inner = context.new({**inputs, "slot": content})
    for shared in ("request", "csrf_token", "shell"):
        if shared in context:
            inner[shared] = context[shared]
    engine = Engine.get_default()
    return engine.get_template(f"components/{name}.html").render(inner)


@register.simple_tag
def clock_mark(
    state: str,
    remaining_seconds: float | None = None,
    *,
    running: bool = False,
    next_boundary: datetime | None = None,
    refresh_url: str = "",
    thresholds: str = "",
    title: str = "",
    url: str = "",
) -> SafeString:
    """
    The state of a clock as shape, words and color.

    :param state: on-track, due-soon, at-risk, breached, paused, met, missed or none.
    :param remaining_seconds: business time left; negative once breached.
    :param running: counts down in the browser, until `next_boundary` or a threshold, then asks `refresh_url`.
    :param thresholds: remaining seconds at which the mark changes, separated by commas.
    :param title: shown on hover: the due moment, policy and pauses.
    """
    icon_name, label = CLOCK_MARKS[state]
    word = conditional_escape(label)
    has_time = remaining_seconds is not None and state not in {"paused", "met", "missed", "none"}
    shown = time_left(remaining_seconds) if has_time else word
    hidden = f'<span class="visually-hidden"> {word}</span>' if has_time else ""
    said = f' href="{conditional_escape(url)}"' if url else ""
    if title:
        said += f' title="{conditional_escape(title)}"'
    if running and has_time:
        said += (
            f' data-controller="countdown" data-running="true" data-remaining-seconds="{int(remaining_seconds or 0)}"'
        )
        if next_boundary:
            said += f' data-next-boundary="{next_boundary.isoformat(timespec="seconds")}"'
        if refresh_url:
            said += f' data-refresh-url="{conditional_escape(refresh_url)}"'
        if thresholds:
            said += f' data-thresholds="{conditional_escape(thresholds)}"'
    tag = "a" if url else "span"
    # Escaped one by one: six times format_html for each row cost a fifth of a queue.
    return SafeString(
        f'<{tag} class="clock" data-clock="{state}"{said}>{icon(icon_name) if icon_name else ""}'
        f'<span class="clock__time" data-time>{shown}</span>{hidden}</{tag}>'
    )


@register.simple_tag
def priority_mark(priority: int | None, is_short: bool = True) -> SafeString:
    """P1 to P5 with its arrow; only P1 is colored."""
    if not priority:
        return format_html('<span class="mark muted">{}</span>', _("not set"))
    code = f"P{int(priority)}"
    shown = code if is_short else getattr(priority, "label", code)
    return format_html(
        '<span class="mark" data-priority="{}">{}<span>{}</span></span>',
        code,
        icon(PRIORITY_ICONS[int(priority)]),
        shown,
    )


@register.simple_tag
def state_mark(label: str, phase: str, state: str = "") -> SafeString:
    """A state with the shape of its phase; the words say the rest."""
    shape = STATE_ICONS.get(state) or PHASE_ICONS[phase]
    return format_html('<span class="mark" data-phase="{}">{}<span>{}</span></span>', phase, icon(shape), label)


@register.simple_tag
def avatar(person: Any, presence: str = "", size: str = "") -> SafeString:
    """
    The initials of a person.

    :param presence: viewing or replying, when they have this record open.
    """
    if person is None:
        return format_html('<span class="avatar" aria-hidden="true">{}</span>', "–")
    words = {"viewing": (_("viewing"), "eye"), "replying": (_("writing"), "pencil")}
    mark = ""
    if presence in words:
        word, name = words[presence]
        mark = format_html('<span class="avatar__presence">{}</span>', icon(name, label=word))
    return format_html(
        '<span class="avatar{}" title="{}"><span aria-hidden="true">{}</span>{}</span>',
        f" avatar--{size}" if size else "",
        person,
        getattr(person, "initials", "") or str(person)[:1].upper(),
        mark,
    )


@register.filter
def hours_minutes(amount: timedelta | float | None) -> str:
    """A business duration as h:mm; -0:42 is 42 minutes over. Takes a timedelta or seconds; None gives nothing."""
    if amount is None:
        return ""
    return hours_and_minutes(amount if isinstance(amount, timedelta) else timedelta(seconds=float(amount)))


@register.filter
def time_left(amount: timedelta | float | None) -> str:
    """What is left of a target, as h:mm; a minute that has begun counts whole, so that used and left add up."""
    if amount is None:
        return ""
    left = amount if isinstance(amount, timedelta) else timedelta(seconds=float(amount))
    return hours_minutes(whole_minutes_left(left))


def _local(at: datetime) -> datetime:
    return timezone.localtime(at)


@register.filter
def exact(at: datetime | None) -> str:
    """A moment in the viewer's zone, with the zone's name: Tue 20 May 2025, 09:40 Europe/Oslo."""
    return "" if at is None else _exact(at, timezone.get_current_timezone_name(), speech.current())


@lru_cache(maxsize=4_096)
def _exact(at: datetime, zone: str, _speech: str) -> str:
    shown = formats.date_format(_local(at), pgettext("exact moment", "D j M Y, H:i"))
    return f"{shown} {zone}"


def _ago(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    return ngettext("%(count)d hour ago", "%(count)d hours ago", minutes // 60) % {"count": minutes // 60}


@register.filter
def moment(at: datetime | None) -> SafeString:
    """A past moment: relative within 24 hours, then the date; the exact one on hover."""
    if at is None:
        return SafeString("")
    now = timezone.now()
    passed = now - at
    if timedelta(0) <= passed < timedelta(hours=24):
        shown = _ago(passed)
    elif _local(at).year == _local(now).year:
        shown = formats.date_format(_local(at), pgettext("moment of this year", "j M, H:i"))
    else:
        shown = formats.date_format(_local(at), pgettext("moment of another year", "j M Y"))
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact(at), shown)


@register.filter
def deadline(at: datetime | None) -> SafeString:
    """A moment that something is due: the day in words when it is near, always with the time of day."""
    if at is None:
        return SafeString("")
    local = _local(at)
    days = (local.date() - _local(timezone.now()).date()).days
    time = formats.date_format(local, pgettext("time of day", "H:i"))
    near = {
        -1: _("yesterday %(time)s"),
        0: _("today %(time)s"),
        1: _("tomorrow %(time)s"),
    }
    if days in near:
        shown = near[days] % {"time": time}
    else:
        shown = formats.date_format(local, pgettext("deadline", "D j M, H:i"))
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact(at), shown)


@register.filter
def until(at: datetime | None, end: datetime | None) -> SafeString:
    """A window, `{{ start|until:end }}`: the day as of a deadline, and the day of the end only where it is another."""
    if at is None or end is None:
        return deadline(at)
    if _local(at).date() != _local(end).date():
        return format_html("{} – {}", deadline(at), deadline(end))
    shown = formats.date_format(_local(end), pgettext("time of day", "H:i"))
    return format_html(
        '{} – <time datetime="{}" title="{}">{}</time>', deadline(at), end.isoformat(), exact(end), shown
    )


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """A share of one as a percentage: 0.942 gives 94.2%; no denominator gives n/a, never 0 or 100."""
    if share is None:
        return _("n/a")
    # Rounded first: number_format cuts digits off.
    return f"{formats.number_format(round(share * 100, digits), decimal_pos=digits)}%"


@register.filter
def points(values: list[float | None]) -> list[str]:
    """The polylines of a sparkline, in a box of 100 by 24; a missing value makes a gap."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    step = 100 / max(1, len(values) - 1)
    lines: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        height = 12.0 if high == low else 22 - 20 * (value - low) / (high - low)
        lines[-1].append(f"{index * step:.1f},{height:.1f}")
    return [" ".join(line) for line in lines if line]


@register.simple_tag
def text_direction() -> str:
    """`rtl` or `ltr`, by the language in use."""
    return "rtl" if get_language_bidi() else "ltr"


@register.filter
def printed_key(key: str) -> str:
    """A key as people read it: `g h` is G H, `Shift+X` is ⇧X."""
    return " ".join(part.upper() if len(part) == 1 else part for part in key.replace("Shift+", "⇧").split(" "))
