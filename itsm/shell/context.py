"""What every template may ask about the shell. Nothing is worked out before a template asks for it."""

import json
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import speech
from itsm.sessions import ending
from notifications import counts
from people.enums import Density, NavGrouping, Theme

from . import areas, navigation
from . import keys as single_keys


class Shell:
    """The shell around one request."""

    product = "Steward"

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def _user(self) -> Any:
        return getattr(self._request, "user", None)

    @property
    def _is_signed_in(self) -> bool:
        return bool(getattr(self._user, "is_authenticated", False))

    @cached_property
    def theme(self) -> str:
        """The person's choice; before signing in the one of this browser."""
        chosen = self._user.theme if self._is_signed_in else self._request.COOKIES.get("steward_theme", "")
        return chosen if chosen in Theme.values else Theme.SYSTEM

    @cached_property
    def density(self) -> str:
        return self._user.density if self._is_signed_in else Density.STANDARD

    @cached_property
    def keys(self) -> str:
        """`off` when the person switched the single-key shortcuts off."""
        return "on" if not self._is_signed_in or self._user.has_single_keys else "off"

    @property
    def own_keys(self) -> str:
        """What the person presses instead of the shipped keys, as JSON for the browser; empty where nothing differs."""
        own = self._user.own_keys if self._is_signed_in else {}
        return json.dumps(single_keys.translation(own)) if own else ""

    @property
    def key_groups(self) -> tuple[single_keys.Group, ...]:
        """Every single key but those of places."""
        return single_keys.GROUPS

    @property
    def session_seconds(self) -> int | str:
        """Seconds until the sign-in ends; empty where there is nothing to warn of."""
        left = ending.seconds_left(self._request.session, at=timezone.now())
        return "" if left is None else left

    @cached_property
    def nav_state(self) -> str:
        return "collapsed" if self._request.COOKIES.get("steward_nav") == "collapsed" else "open"

    @cached_property
    def area(self) -> areas.Area | None:
        """The pages beside this one, where it is one of several of its area."""
        found = self._request.resolver_match
        return areas.area_of(found.view_name, self._user) if found is not None and self._is_signed_in else None

    @cached_property
    def navigation(self) -> list[navigation.Section]:
        if not self._is_signed_in:
            return []
        query = unquote(self._request.META.get("QUERY_STRING", ""))
        return navigation.sections(
            user=self._user, path=self._request.path, query=query, grouping=self._user.nav_grouping
        )

    @property
    def can_regroup(self) -> bool:
        """Whether any place stands under a heading: who has only a few finds them by neither grouping."""
        return any(section.heading for section in self.navigation)

    @property
    def other_grouping(self) -> str:
        """What the navigation could be grouped by instead."""
        by_process = self._user.nav_grouping == NavGrouping.PROCESS
        return NavGrouping.PRACTICE if by_process else NavGrouping.PROCESS

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses of the top bar; empty while the page is not installed or not for this person."""
        known = {link.name: link.url for section in self.navigation for link in section.links}
        return {
            "new": known.get("new", ""),
            "inbox": known.get("inbox", ""),
            "search": navigation.address("search:results"),
            "palette": navigation.address("palette:results"),
            "profile": navigation.address("people:profile"),
            "words": navigation.address("people:words"),
        }

    @cached_property
    def inbox_count(self) -> int:
        """Records that wait unread in the inbox."""
        return counts.count_of(self._user, at=timezone.now())

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def speech(self) -> str:
        """What is spoken, language and words, for keys of what is kept."""
        return speech.current()

    @cached_property
    def choices(self) -> dict[str, Any]:
        """Themes and densities with their icons, for the menu of the person."""
        icons = {Theme.SYSTEM: "monitor", Theme.LIGHT: "sun", Theme.DARK: "moon"}
        return {
            "themes": [(value, label, icons[Theme(value)]) for value, label in Theme.choices],
            "densities": Density.choices,
        }

    @property
    def messages(self) -> dict[str, str]:
        """The words scripts show, translated; `%(name)s` is filled in by them."""
        return {
            "choices": _("%(count)s to choose from"),
            "copied": _("Copied."),
            "use_not_counted": _("The text was inserted; that it was used could not be noted."),
            "copy_refused": _("Not copied: the browser refused. Mark the text and press Ctrl+C."),
            "draft_kept": _("The server is out of reach. The draft is kept in this browser."),
            "draft_saved": _("draft saved %(time)s"),
            "no_choice": _("No match. Type another part of the name."),
            "left_where_it_is": _("Not moved. It stays where it is."),
            "card_stays": _("This card is not moved there."),
            "not_moved": _("Only a scheduled change that you may reschedule is moved here."),
            "palette_actions": _("Actions here"),
            "palette_help": _("Help"),
            "palette_places": _("Places"),
            "palette_recent": _("Opened lately"),
            "refused": _("Nothing was changed: the server refused. Reload the page and try once more."),
            "row_gone": _("no longer in this list"),
            "row_of": _("%(at)s of %(count)s"),
            "selected": _("%(count)s selected"),
            "signed_in_again": _("Signed in again. Nothing was lost; go on."),
            "stays_signed_in": _("You stay signed in."),
            "show_keys": _("Show all keys"),
            "unreachable": _("Nothing was sent: the server is out of reach. Your text is still here."),
        }


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor."""
    return {"shell": Shell(request)}
