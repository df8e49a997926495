"""The text of an agreement as a document, and as a row again: what is signed, compared and brought into force."""

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import models

from .models import Agreement, AgreementVersion, Target
from .terms import Terms

MINUTE = timedelta(minutes=1)
RELATED = ("organization", "service", "requester", "calendar", "team", "supplier")


def document_of(agreement: Agreement) -> dict[str, Any]:
    """Everything that the row and its targets say, as plain JSON values; not who handles it."""
    return Terms.of(agreement).as_document() | {
        "valid_to": agreement.valid_to.isoformat() if agreement.valid_to else None,
        "supplier_name": agreement.supplier_name,
        "attainment": f"{Decimal(agreement.attainment_target):.2f}",
        "exclusions": agreement.exclusions,
        "notice_days": agreement.notice_days,
        "limits": agreement.limits,
    }


def latest_document(agreement: Agreement) -> dict[str, Any]:
    """The text that is worked on: the version drafted beside the one in force, else the row."""
    if agreement.proposed_version is None:
        return document_of(agreement)
    found: dict[str, Any] = agreement.versions.get(number=agreement.proposed_version).document
    return found


def row_of(agreement: Agreement, document: Mapping[str, Any]) -> Agreement:
    """The agreement as it would be with this text: a row with targets, for reading only; nothing of it is saved."""
    row = as_said(agreement, document)
    place_targets(row, targets_in(agreement, document))
    return row


def as_said(agreement: Agreement, document: Mapping[str, Any]) -> Agreement:
    """The same without its targets: only the columns."""
    row = Agreement(**{each.attname: getattr(agreement, each.attname) for each in Agreement._meta.concrete_fields})
    row._state.adding = False
    write(row, document)
    return row


def version_row(version: AgreementVersion) -> Agreement:
    """The agreement as one of its versions says."""
    row = row_of(version.agreement, version.document)
    row.version = version.number
    return row


def write(row: Agreement, document: Mapping[str, Any]) -> None:
    """Set the columns to what the document says, targets aside. A document of before some column keeps its value."""
    terms = Terms.from_document(row.pk, row.version, document)
    for name in RELATED:
        setattr(row, f"{name}_id", getattr(terms, f"{name}_id"))
    row.name, row.type, row.kind = terms.name, terms.type, terms.kind
    row.pause_reasons = list(terms.pause_reasons)
    row.reopen_policy, row.retarget_policy = terms.reopen_policy, terms.retarget_policy
    row.valid_from, row.valid_to = terms.valid_from, terms.valid_to
    if promised := terms.availability:
        row.availability_target = None if promised["target"] is None else Decimal(promised["target"])
        row.service_hours_id, row.maintenance_windows_id = promised["hours"], promised["windows"]
        row.maintenance = promised["maintenance"]
    row.thresholds = [dict(each) for each in terms.thresholds]
    row.supplier_name = document.get("supplier_name", row.supplier_name)
    row.attainment_target = Decimal(document.get("attainment", row.attainment_target))
    row.exclusions = document.get("exclusions", row.exclusions)
    row.notice_days = document.get("notice_days", row.notice_days)
    row.limits = document.get("limits", row.limits)


def targets_in(agreement: Agreement, document: Mapping[str, Any]) -> list[Target]:
    """The targets of the text as rows that are not saved."""
    terms = Terms.from_document(agreement.pk, agreement.version, document)
    return [
        Target(
            agreement_id=agreement.pk,
            clock=clock,
            priority=priority,
            target_minutes=promise.target // MINUTE,
            point=promise.point.code if promise.point else "",
            calendar_id=None if promise.calendar_id == terms.calendar_id else promise.calendar_id,
        )
        for (clock, priority), promise in sorted(terms.promises.items())
    ]


def place_targets(row: Agreement, targets: list[Target]) -> None:
    """Let `row.targets.all()` give these with their calendars, as a prefetch does."""
    models.prefetch_related_objects(targets, "calendar")
    found = Target.objects.filter(agreement=row.pk)
    found._result_cache = targets  # as `prefetch_related` itself fills it
    row.__dict__.setdefault("_prefetched_objects_cache", {})["targets"] = found


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the text, the same wherever the same stands."""
    return sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
