"""
Which news reaches a person where: kinds of notices by the channels that can carry them.

Everything is told unless the person silenced it. A deadline does not move because somebody did not want to hear of it,
so a decision that waits for a person always keeps one channel.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Refused
from people.access import require
from people.models import User

from .models import Channel, NoticeKind, Silence

# What each kind means to the reader, in the order of the page.
MEANINGS = {
    NoticeKind.ASSIGNED: gettext_lazy("Something is given to you"),
    NoticeKind.MENTIONED: gettext_lazy("Somebody names you"),
    NoticeKind.REPLIED: gettext_lazy("Somebody replies on what you work on, follow, own or reported"),
    NoticeKind.DECISION: gettext_lazy("You are asked to decide, or what you asked for is decided"),
    NoticeKind.MEETING: gettext_lazy("A meeting calls you, has its agenda or minutes, or is called off"),
    NoticeKind.AT_RISK: gettext_lazy("A target of yours is at risk"),
    NoticeKind.BREACHED: gettext_lazy("A target of yours is missed"),
    NoticeKind.MEASURE: gettext_lazy("A measure crosses a line that you drew"),
    NoticeKind.CHANGED: gettext_lazy("Something else that concerns you has changed"),
}
# The channels that exist for a kind; other kinds have no mail yet.
CHANNELS = {kind: (Channel.PRODUCT,) for kind in NoticeKind} | {
    kind: (Channel.PRODUCT, Channel.MAIL) for kind in (NoticeKind.DECISION, NoticeKind.MEETING, NoticeKind.MEASURE)
}


def known() -> set[tuple[str, str]]:
    """Return every kind with every channel that can carry it."""
    return {(kind.value, channel.value) for kind, channels in CHANNELS.items() for channel in channels}


def wanted_by(user: User) -> set[tuple[str, str]]:
    """Return the kinds with the channels on which the person hears of them. One statement."""
    return known() - set(Silence.objects.filter(user=user).values_list("kind", "channel"))


def silenced(kind: str, channel: str, people: Iterable[User]) -> set[int]:
    """Return the keys of those among `people` who do not want this kind on this channel. One statement."""
    keys = [person.pk for person in people]
    return set(Silence.objects.filter(kind=kind, channel=channel, user__in=keys).values_list("user_id", flat=True))


def wants_decision_mail(user: Any) -> bool:
    """Tell whether mails about decisions may be sent to the person."""
    return not silenced(NoticeKind.DECISION, Channel.MAIL, [user])


@transaction.atomic
def choose(*, by: User, wanted: Iterable[tuple[str, str]]) -> None:
    """
    Choose which kinds one hears of on which channels; all others fall silent. What came stays. Nothing is logged: it
    concerns nobody else.

    :raises Refused: a kind or channel that there is not, or no channel at all for decisions; nothing is changed.
    """
    require(by, "inbox.use")
    chosen = set(wanted)
    if unknown := sorted(chosen - known()):
        raise Refused.because("unknown_channel", _("There is no news “%(name)s”.") % {"name": " ".join(unknown[0])})
    # Whoever has no address gets no mail, whatever is chosen.
    reaching = {Channel.PRODUCT, Channel.MAIL} if by.email else {Channel.PRODUCT}
    if not any((NoticeKind.DECISION, channel) in chosen for channel in reaching):
        raise Refused.because(
            "decisions_unheard",
            _(
                "Others wait for your decisions. Keep at least one way to hear of them: the inbox or, with an "
                "address, mail."
            ),
        )
    Silence.objects.filter(user=by).delete()
    Silence.objects.bulk_create(
        Silence(user=by, kind=kind, channel=channel) for kind, channel in sorted(known() - chosen)
    )
