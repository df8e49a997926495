"""Doing an act on a pack between two pictures of the product, and keeping the certificate of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import log
from common.fingerprints import fingerprint_of
from common.refusals import Refused

from ..enums import Verdict
from ..models import Certificate, Pack, Picture
from . import picture, tables

LOCK = "frameworks: one act on packs at a time"


@dataclass(frozen=True)
class Subject:
    """Which pack an act is on, and how it was and will be. :param after: None when it will be gone."""

    act: str
    slug: str
    name: str
    before: Pack | None
    after: Mapping[str, Any] | None
    is_sample: bool = False

    def said(self) -> dict[str, Any]:
        return {
            "act": self.act,
            "pack_slug": self.slug,
            "pack_name": self.name,
            "edition_before": self.before.edition if self.before else None,
            "edition_after": self.after["edition"] if self.after else None,
            "pack_before": self.before.fingerprint if self.before else "",
            "pack_after": fingerprint_of(self.after) if self.after else "",
            "is_sample": self.is_sample,
        }


class Interfered(Refused):
    """The act changed something besides the pack. All of it was rolled back; the certificate names what."""

    def __init__(self, certificate: Certificate) -> None:
        self.certificate = certificate
        shown = "; ".join(certificate.differences[:5])
        super().__init__(
            *Refused.because(
                "interfered",
                _("Rolled back, for it changed more than the pack. %(what)s. Certificate %(number)s has it all.")
                % {"what": shown, "number": certificate.pk},
            ).refusals
        )


class _Different(Exception):
    def __init__(self, said: dict[str, Any], pictures: list[picture.Document]) -> None:
        self.said, self.pictures = said, pictures


def one_at_a_time() -> None:
    """Wait until no other act on packs is going on; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])


def certified(subject: Subject, do: Callable[[], Pack], *, by: Any, at: datetime) -> tuple[Pack, Certificate]:
    """
    Do the act in one transaction with a picture before and one after, and keep the certificate.

    Call it with the lock held, inside the transaction that checked that the act may be done.

    :raises Interfered: something besides the pack was changed. It is rolled back, and the certificate of that is kept;
        it lasts if the caller's transaction does, so let that one end well.
    """
    try:
        with transaction.atomic():
            return _done(subject, do, by=by, at=at)
    except _Different as different:
        with transaction.atomic():
            for each in different.pictures:
                _keep(each, at)
            certificate = _certificate(different.said, by=by, at=at)
            _log(
                f"{subject.act}_rolled_back",
                subject,
                certificate,
                pk=subject.before.pk if subject.before else 0,
                by=by,
                at=at,
            )
        raise Interfered(certificate) from None


def _done(subject: Subject, do: Callable[[], Pack], *, by: Any, at: datetime) -> tuple[Pack, Certificate]:
    before, rows_before = picture.take(), tables.written()
    pack = do()
    key = pack.pk or (subject.before.pk if subject.before else 0)
    after = picture.take()
    rows = {name: count - rows_before.get(name, 0) for name, count in tables.written().items()}
    rows = {name: count for name, count in sorted(rows.items()) if count}
    found = list(picture.differences(before, after))
    found += [_("Rows of the table %(name)s were written") % {"name": name} for name in tables.strays(rows)]
    olds, news = picture.fingerprints(before), picture.fingerprints(after)
    said = subject.said() | {
        "verdict": Verdict.DIFFERENT if found else Verdict.EQUAL,
        "before": fingerprint_of(before),
        "after": fingerprint_of(after),
        "parts": {name: [olds[name], news[name], len(after[name])] for name in after},
        "written": rows,
        "differences": _shortened(found),
    }
    if found:
        raise _Different(said, [before, after])
    _keep(after, at)
    certificate = _certificate(said, by=by, at=at)
    _log(subject.act, subject, certificate, pk=key, by=by, at=at)
    return pack, certificate


def _shortened(found: list[str]) -> list[str]:
    more = len(found) - picture.MOST_DIFFERENCES
    if more <= 0:
        return found
    rest = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
    return [*found[: picture.MOST_DIFFERENCES], rest]


def _keep(document: picture.Document, at: datetime) -> None:
    Picture.objects.get_or_create(
        fingerprint=fingerprint_of(document), defaults={"document": document, "first_seen_at": at}
    )


def _certificate(said: dict[str, Any], *, by: Any, at: datetime) -> Certificate:
    certificate = Certificate(by=by, at=at, **said)
    certificate.seal = fingerprint_of(certificate.sealed)
    certificate.save()
    return certificate


def _log(act: str, subject: Subject, certificate: Certificate, *, pk: int, by: Any, at: datetime) -> None:
    said = subject.said()
    editions = (said["edition_before"], said["edition_after"])
    log.record(
        f"framework_pack.{act}",
        subject_kind="framework_pack",
        subject_id=pk,
        subject_label=subject.name,
        by=by,
        at=at,
        changes={"edition": editions} if editions[0] != editions[1] else {},
        data={
            "pack": subject.slug,
            "certificate": certificate.pk,
            "seal": certificate.seal,
            "is_sample": subject.is_sample,
        },
    )
