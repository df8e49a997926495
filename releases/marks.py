"""Releases on the charts of measures."""

from django.utils.translation import gettext_lazy as _

from measurement.explorer import annotations


def register() -> None:
    """Called when the app is ready."""
    words = {
        "release.deployed": _("%(reference)s went live: %(title)s"),
        "release.rolled_back": _("%(reference)s was rolled back: %(title)s"),
    }
    annotations.register(annotations.Source("release", _("Releases"), annotations.of_records("release", words)))
