"""Offering a text for signature, and signing it: both sides, the same version, nobody for both."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refused, Stale
from people.access import require

from ..enums import AgreementState, Side
from ..models import Agreement, AgreementVersion, Signature
from ..texts import digest_of, version_row
from . import living, rows
from .checks import refuse_unready


@transaction.atomic
def offer(*, agreement: Agreement, by: Any, at: datetime, version: int | None = None) -> Agreement:
    """
    Let both sides sign the text that is worked on.

    :param version: number of the text that the person read.
    :raises NotAllowed: :raises Stale: :raises Refused: nothing is drafted, or something is missing for a signature.
    """
    locked = rows.lock(agreement, by=by, version=version)
    rows.refuse_ended(locked)
    text = _text(locked)
    if text.offered_at is not None or locked.state == AgreementState.ACTIVE:
        raise Refused.because("nothing_new", _("There is no draft to offer. Change the text first."))
    if locked.state == AgreementState.IN_REVIEW and locked.proposed_version is None:
        raise Refused.because("nothing_new", _("There is no draft to offer. Change the text first."))
    refuse_unready(locked, version_row(text), today=rows.local_day(locked, at))
    text.offered_at = at
    text.save(update_fields=["offered_at"])
    if locked.state == AgreementState.DRAFT:
        rows.move(locked, "offer", by=by, at=at)
    else:
        rows.write_down("offered", locked, by=by, at=at)
    return locked


@transaction.atomic
def sign(*, agreement: Agreement, side: str, by: Any, at: datetime, version: int) -> Agreement:
    """
    Sign a version as the person who is named for the side. With both signatures it is agreed, and in force on its day.

    :param version: number of the text that the person read.
    :raises NotAllowed: another person is named, or the person wrote what the other side is to sign.
    :raises Stale: the text was changed since. :raises Refused: it is not offered, or this side has signed.
    """
    operation = "agreement.sign" if side == Side.PROVIDER else "agreement.accept"
    locked, text = _offered(agreement, side, version)
    require(by, operation)
    named = locked.provider_signatory_id if side == Side.PROVIDER else locked.partner_signatory_id
    if named != by.pk:
        raise NotAllowed.because(
            "not_allowed", _("Another person is named to sign this. Ask them, or whoever edits it.")
        )
    if side == Side.PROVIDER:
        require(by, operation, locked)
    else:
        _refuse_author(locked, by)
    return _write(locked, text, side, by=by, at=at, person=by, signed_name=str(by))


@transaction.atomic
def record_signature(
    *, agreement: Agreement, side: str, by: Any, at: datetime, version: int, signed_name: str, reference: str
) -> Agreement:
    """
    Write down a signature that stands on paper. Who wrote the text can't record the other side's.

    :param reference: where the paper is kept.
    :raises NotAllowed: :raises Stale: :raises Refused: name or reference missing, not offered, signed already.
    """
    locked, text = _offered(agreement, side, version)
    require(by, "agreement.sign", locked)
    if side == Side.PARTNER:
        _refuse_author(locked, by)
    signed_name, reference = " ".join(signed_name.split()), " ".join(reference.split())
    for name, value in (("signed_name", signed_name), ("reference", reference)):
        if not value or len(value) > 200:
            message = _("Write who signed, and where the paper is kept, with 200 characters at the most.")
            raise Refused.because("required", message, name)
    return _write(locked, text, side, by=by, at=at, signed_name=signed_name, reference=reference, recorded_by=by)


def _offered(agreement: Agreement, side: str, version: int) -> tuple[Agreement, AgreementVersion]:
    """:raises Stale: :raises Refused:"""
    if side not in Side.values:
        raise Refused.because("unfit", _("Sign for the provider or for the other side."), "side")
    locked = rows.lock(agreement, by=None)
    rows.refuse_ended(locked)
    if version != locked.latest_version:
        raise Stale.because("stale", _outdated(locked, version))
    text = _text(locked)
    if text.offered_at is None:
        raise Refused.because(
            "not_offered", _("This version is not offered for signature. Whoever edits it can do so.")
        )
    if locked.signatures.filter(number=version, side=side).exists():
        raise Refused.because("signed", _("This side has signed this version already."))
    return locked, text


def _outdated(agreement: Agreement, version: int) -> str:
    """Why the text that somebody read can't be signed, and what to do."""
    latest = agreement.latest_version
    if version > latest and agreement.versions.filter(number=version).exists():
        words = _("Version %(read)s was withdrawn since you read it. Version %(number)s goes on, signed as it is.")
    elif agreement.versions.filter(number=latest, offered_at=None).exists() and not agreement.is_in_force:
        words = _("The text was changed since you read it. Version %(number)s is still written; you are told when it "
                  "is offered.")  # fmt: skip
    else:
        words = _("The text was changed since you read it: version %(number)s stands now. Read it, then sign.")
    return words % {"number": latest, "read": version}


def _write(agreement: Agreement, text: AgreementVersion, side: str, *, by: Any, at: datetime, **said: Any) -> Agreement:
    is_ours = side == Side.PROVIDER
    name = str(said["person"].organization) if is_ours and "person" in said else ""
    Signature.objects.create(
        agreement=agreement,
        number=text.number,
        side=side,
        at=at,
        name=name or (str(_("the provider")) if is_ours else version_row(text).partner),
        digest=digest_of(text.document),
        **said,
    )
    rows.write_down("signed", agreement, by=by, at=at, data={"side": str(side), "signed_by": said["signed_name"]})
    if agreement.signatures.filter(number=text.number).count() == len(Side.values):
        _agree(agreement, text, by=by, at=at)
    return agreement


def _agree(agreement: Agreement, text: AgreementVersion, *, by: Any, at: datetime) -> None:
    text.agreed_at = at
    text.save(update_fields=["agreed_at"])
    if agreement.state == AgreementState.NEGOTIATING:
        rows.move(agreement, "agree", by=by, at=at)
    else:
        rows.write_down("agreed", agreement, by=by, at=at)
        agreement.save(update_fields=["proposed_version"])  # processes that keep the terms see that something changed
    living.bring_into_force_if_due(agreement, at=at)


def _text(agreement: Agreement) -> AgreementVersion:
    """:raises Refused: an agreement of before versions were kept, which was not changed since."""
    found = agreement.versions.select_related("agreement").filter(number=agreement.latest_version).first()
    if found is None:
        raise Refused.because("nothing_new", _("There is no draft to offer. Change the text first."))
    return found


def _refuse_author(agreement: Agreement, by: Any) -> None:
    """:raises NotAllowed: the person wrote a part of what the other side signs."""
    unsigned = agreement.versions.filter(in_force_from=None, created_by=by)
    if agreement.is_in_force:
        unsigned = unsigned.filter(number__gt=agreement.version)
    if unsigned.exists():
        message = _("You wrote this text, so you can't sign it for the other side. Ask a colleague.")
        raise NotAllowed.because("author", message)
