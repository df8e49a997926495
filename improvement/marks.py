"""Improvements on the charts of measures."""

from django.utils.translation import gettext_lazy as _

from measurement.explorer import annotations


def register() -> None:
    """Called when the app is ready."""
    words = {
        "improvement.activated": _("%(reference)s was begun: %(title)s"),
        "improvement.realized": _("%(reference)s reached its goal: %(title)s"),
        "improvement.partly_realized": _("%(reference)s reached its goal in part: %(title)s"),
        "improvement.not_realized": _("%(reference)s did not reach its goal: %(title)s"),
    }
    annotations.register(
        annotations.Source("improvement", _("Improvements"), annotations.of_records("improvement", words))
    )
