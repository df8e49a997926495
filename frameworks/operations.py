"""The acts on packs: adopt, upgrade, switch off and on, remove. Each is certified; one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.fingerprints import fingerprint_of
from common.lookalikes import skeleton
from common.refusals import Refused, Stale
from people.access import require

from . import shipped_packs
from .certifying.keeping import Interfered, Subject, certified, one_at_a_time
from .checking import pack_of
from .differences import differences
from .enums import Act
from .models import Certificate, Pack, Practice

OPERATION = "framework_pack.edit"
Done = tuple[Pack, Certificate]


@dataclass(frozen=True)
class Plan:
    """What would become of a text: the pack that it makes, and how that differs from the one that is loaded."""

    document: Mapping[str, Any]
    loaded: Pack | None
    differences: list[str]

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.document)


def plan(text: str | bytes) -> Plan:
    """Look at a pack without loading it. :raises PackRefused: it does not fit. :raises Refused: it can't be loaded."""
    document = pack_of(text)
    loaded = Pack.objects.filter(slug=document["id"]).first()
    _refuse_unfit(document, loaded)
    return Plan(document, loaded, differences(loaded.document, document) if loaded else [])


def adopt(*, by: Any, at: datetime, text: str | bytes, is_sample: bool = False) -> Done:
    """
    Load a pack that is not here yet.

    :raises NotAllowed: :raises PackRefused: it does not fit. :raises Refused: it is here, or its name is taken.
    :raises Interfered: it changed more than the pack, and was rolled back.
    """
    require(by, OPERATION)
    document = pack_of(text)

    def act() -> Done:
        loaded = Pack.objects.filter(slug=document["id"]).first()
        if loaded is not None:
            said = {"name": loaded.name, "edition": loaded.edition}
            raise Refused.because(
                "loaded", _("“%(name)s” is adopted already, in edition %(edition)s. Upgrade it instead.") % said, "text"
            )
        _refuse_unfit(document, None)
        subject = Subject(Act.ADOPTED, document["id"], document["name"], None, document, is_sample)
        made = Pack(slug=document["id"], adopted_at=at, is_sample=is_sample)
        return certified(subject, lambda: _load(made, document, at), by=by, at=at)

    return _alone(act)


def upgrade(*, pack: Pack, by: Any, at: datetime, text: str | bytes, version: int | None = None) -> Done:
    """
    Put a later edition in the place of the one that is loaded. What gaps led to stays.

    :raises NotAllowed: :raises Stale: :raises PackRefused: :raises Refused: another pack, or no later edition.
    :raises Interfered:
    """
    require(by, OPERATION)
    document = pack_of(text)

    def act() -> Done:
        locked = _locked(pack, version)
        if document["id"] != locked.slug:
            raise Refused.because(
                "other", _("This is the pack “%(id)s”, not “%(slug)s”.") % {"id": document["id"], "slug": locked.slug},
                "text",
            )  # fmt: skip
        _refuse_unfit(document, locked)
        subject = Subject(Act.UPGRADED, locked.slug, document["name"], locked, document, locked.is_sample)
        return certified(subject, lambda: _load(Pack.objects.get(pk=locked.pk), document, at), by=by, at=at)

    return _alone(act)


def switch_off(*, pack: Pack, by: Any, at: datetime, version: int | None = None) -> Done:
    """Take the pack off the map; it stays loaded. :raises NotAllowed: :raises Stale: :raises Refused: it is off."""
    return _switch(pack, Act.SWITCHED_OFF, is_active=False, by=by, at=at, version=version)


def switch_on(*, pack: Pack, by: Any, at: datetime, version: int | None = None) -> Done:
    """Show the pack on the map again. :raises NotAllowed: :raises Stale: :raises Refused: it is on."""
    return _switch(pack, Act.SWITCHED_ON, is_active=True, by=by, at=at, version=version)


def _switch(pack: Pack, act_name: Act, *, is_active: bool, by: Any, at: datetime, version: int | None) -> Done:
    require(by, OPERATION)

    def act() -> Done:
        locked = _locked(pack, version)
        if locked.is_active == is_active:
            said = _("“%(name)s” is switched on already.") if is_active else _("“%(name)s” is switched off already.")
            raise Refused.because("switched", said % {"name": locked.name})

        def do() -> Pack:
            row = Pack.objects.get(pk=locked.pk)
            row.is_active, row.changed_at, row.version = is_active, at, row.version + 1
            row.save(update_fields=["is_active", "changed_at", "version"])
            return row

        subject = Subject(act_name, locked.slug, locked.name, locked, locked.document, locked.is_sample)
        return certified(subject, do, by=by, at=at)

    return _alone(act)


def remove(*, pack: Pack, by: Any, at: datetime, version: int | None = None) -> Done:
    """
    Take the pack away. Its certificates stay, and so do improvements that its gaps became.

    :raises NotAllowed: :raises Stale: :raises Refused: it is gone.
    """
    require(by, OPERATION)

    def act() -> Done:
        locked = _locked(pack, version)

        def do() -> Pack:
            Pack.objects.get(pk=locked.pk).delete()
            return locked

        subject = Subject(Act.REMOVED, locked.slug, locked.name, locked, None, locked.is_sample)
        return certified(subject, do, by=by, at=at)

    return _alone(act)


def _alone(act: Any) -> Done:
    """Do it with the lock, in one transaction, which also keeps the certificate of what was rolled back."""
    interfered: Interfered | None = None
    with transaction.atomic():
        one_at_a_time()
        try:
            return act()
        except Interfered as refused:
            interfered = refused
    raise interfered


def _locked(pack: Pack, version: int | None) -> Pack:
    locked = Pack.objects.select_for_update().filter(pk=pack.pk).first()
    if locked is None:
        raise Refused.because("gone", _("“%(name)s” was removed by somebody else.") % {"name": pack.name})
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this since you read it. Compare, then try again."))
    return locked


def _refuse_unfit(document: Mapping[str, Any], loaded: Pack | None) -> None:
    """:raises Refused: no later edition than the one loaded, or a name that reads like that of another pack."""
    if loaded is not None:
        said = {"edition": document["edition"], "loaded": loaded.edition}
        if fingerprint_of(document) == loaded.fingerprint:
            raise Refused.because("same", _("Edition %(edition)s is loaded, word for word.") % said, "text")
        if document["edition"] <= loaded.edition:
            message = _(
                "Edition %(loaded)s is loaded. Give this one a higher number, so that people can tell them apart."
            )
            raise Refused.because("edition", message % said, "text")
    name = skeleton(document["name"])
    names = {slug: shipped_packs.document_of(slug)["name"] for slug in shipped_packs.ORDER}
    names |= dict(Pack.objects.values_list("slug", "name"))
    for slug, other in names.items():
        if slug != document["id"] and skeleton(other) == name:
            message = _("The name reads like that of the pack “%(id)s”. Choose another name.")
            raise Refused.because("name", message % {"id": slug}, "text")


def _load(pack: Pack, document: Mapping[str, Any], at: datetime) -> Pack:
    """Write the pack and its practices as the document says. Only called between two pictures."""
    is_shipped = document["id"] in shipped_packs.ORDER and shipped_packs.document_of(document["id"]) == document
    pack.name, pack.release, pack.edition = document["name"], document["version"], document["edition"]
    pack.owner, pack.note = document["owner"], document["note"]
    pack.document, pack.fingerprint, pack.is_shipped = document, fingerprint_of(document), is_shipped
    pack.changed_at, pack.version = at, pack.version + (1 if pack.pk else 0)
    pack.save()
    Practice.objects.filter(pack=pack).delete()
    groups = {each["id"]: each["name"] for each in document["groups"]}
    Practice.objects.bulk_create(
        Practice(
            pack=pack, key=each["id"], ref=each["ref"], name=each["name"], group=groups[each["group"]],
            purpose=each["purpose"], part_of=each["part_of"], is_heading=each["heading"], position=position,
            steps=each["steps"], measures=each["measures"],
        )
        for position, each in enumerate(document["practices"])
    )  # fmt: skip
    return pack
