"""What frameworks say about steps of procedures. An app above offers it; without one there is nothing to show."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Tag:
    """One practice of a framework at a step. :param url: its page, where it has one."""

    framework: Any
    label: Any
    url: str = ""


# Takes keys such as `change-authorization:ask-those-whom-the-policy-names`; answers with the tags of each.
Provider = Callable[[Iterable[str]], Mapping[str, list[Tag]]]
_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> None:
    """Offer tags; from an app's `ready`."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def tags_of(keys: Iterable[str]) -> dict[str, list[Tag]]:
    """Tags by key of the step, in the order of the apps that offer them."""
    wanted, found = list(keys), dict[str, list[Tag]]()
    for provider in _PROVIDERS:
        for key, tags in provider(wanted).items():
            found.setdefault(key, []).extend(tags)
    return found


def key_of(procedure_slug: str, step_slug: str) -> str:
    """`procedure.slug:step.slug`, by which frameworks name a step."""
    return f"{procedure_slug}:{step_slug}"
