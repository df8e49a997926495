"""Who finds in their inbox that an agreement waits for a signature, is to be reviewed, or ends."""

from datetime import date
from typing import Any

from django.db.models import Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications import subjects
from notifications.models import NoticeKind
from notifications.subscriptions import tell
from people.access import access_of
from people.models import User

from .models import Agreement
from .models.agreements import AgreementQuerySet

KIND = "agreement"
SIGNS = gettext_lazy("because you are named to sign it")


def register() -> None:
    """Called when the app is ready."""
    subjects.declare(KIND, label=gettext_lazy("Agreement"), visible_to=seen_by)
    subscribe("slm.signatures", to=["agreement.offered"], handler=offered)
    subscribe("slm.reviews", to=["agreement.review_called"], handler=review_called)
    subscribe("slm.endings", to=["agreement.notice_given", "agreement.notice_withdrawn"], handler=ending)


def seen_by(user: Any) -> AgreementQuerySet:
    """What the person may see, each leading to the page on their side."""
    is_inside = access_of(user).allows("agreement.view")
    return Agreement.objects.visible_to(user).annotate(is_in_portal=Value(not is_inside))


def offered(entry: Entry) -> None:
    """Ask both signatories, while their signature is missing."""
    agreement = _agreement_of(entry)
    if agreement is None:
        return
    number = agreement.latest_version
    signed = set(agreement.signatures.filter(number=number).values_list("person_id", flat=True))
    people = [each for each in _signatories(agreement) if each.pk not in signed]
    tell(
        entry, _about(agreement), NoticeKind.DECISION, dict.fromkeys(people, SIGNS),
        lambda: _("Version %(number)s waits for your signature.") % {"number": number},
    )  # fmt: skip


def review_called(entry: Entry) -> None:
    """Tell who signs for the provider that the review is due; the customer is asked in the review."""
    agreement = _agreement_of(entry)
    if agreement is not None and agreement.provider_signatory is not None:
        why = {agreement.provider_signatory: SIGNS}
        tell(entry, _about(agreement), NoticeKind.CHANGED, why, lambda: _("Its review is due."))


def ending(entry: Entry) -> None:
    """Tell both sides that it ends by notice, or goes on after all."""
    agreement = _agreement_of(entry)
    if agreement is None:
        return
    change = entry.changed("ends_date")
    day = date.fromisoformat(change[1]) if change and change[1] else None

    def text() -> str:
        if day is None:
            return _("The notice was taken back; it goes on.")
        return _("It ends by notice on %(day)s.") % {"day": date_format(day, "j M Y")}

    tell(entry, _about(agreement), NoticeKind.CHANGED, dict.fromkeys(_signatories(agreement), SIGNS), text)


def _agreement_of(entry: Entry) -> Agreement | None:
    rows = Agreement.objects.select_related("provider_signatory", "partner_signatory")
    return rows.filter(pk=entry.subject_id).first()


def _signatories(agreement: Agreement) -> list[User]:
    return [each for each in (agreement.provider_signatory, agreement.partner_signatory) if each is not None]


def _about(agreement: Agreement) -> subjects.About:
    return subjects.About(KIND, agreement.pk, label=agreement.name)
