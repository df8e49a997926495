"""Are certificates still what was certified, and is the product still what the latest one saw?"""

from collections.abc import Iterator
from dataclasses import dataclass

from audit.models import Entry
from common.fingerprints import fingerprint_of

from ..models import Certificate, Picture
from . import picture


@dataclass(frozen=True)
class Fault:
    """What does not fit: `part` is `seal`, `picture`, `log` or `missing`; `number` is that of the certificate."""

    number: int
    part: str


def is_sealed(certificate: Certificate) -> bool:
    """Whether the certificate says what it said when it was sealed."""
    return fingerprint_of(certificate.sealed) == certificate.seal


def faults() -> Iterator[Fault]:
    """Everything about the kept certificates that does not fit: seals, pictures, and what the log of acts says."""
    told, may_go = {}, set()
    for entry in Entry.objects.filter(subject_kind="framework_pack").only("data").iterator():
        told[entry.data.get("certificate")] = entry.data.get("seal")
        if entry.data.get("is_sample"):
            may_go.add(entry.data.get("certificate"))
    pictures = {
        each.fingerprint: fingerprint_of(each.document) == each.fingerprint for each in Picture.objects.iterator()
    }
    seen = set()
    for each in Certificate.objects.order_by("pk").iterator():
        seen.add(each.pk)
        if not is_sealed(each):
            yield Fault(each.pk, "seal")
        if not pictures.get(each.before) or not pictures.get(each.after):
            yield Fault(each.pk, "picture")
        if told.get(each.pk) != each.seal:
            yield Fault(each.pk, "log")
    for number in sorted(number for number in told if number is not None and number not in seen | may_go):
        yield Fault(number, "missing")


def since(certificate: Certificate) -> list[str] | None:
    """
    What differs between the product now and as the certificate saw it: a later release of the product, for one.

    None where the picture is gone.
    """
    kept = Picture.objects.filter(fingerprint=certificate.after).first()
    return None if kept is None else list(picture.differences(kept.document, picture.take()))
