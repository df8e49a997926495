"""What is answered about packs, the map, gaps and signals."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named, Strict, Text, named
from common.api.filters import Query
from common.plain_yaml import LARGEST_BYTES
from records.api.representation import person_of

from ..dismissing import LONGEST_REASON
from ..enums import Act, Verdict
from ..mapping import Gap, Row
from ..models import Certificate, Pack, Practice
from ..signaling import Shown


class FrameworkPackShape(Answer):
    """A framework as data."""

    id = serializers.IntegerField()
    slug = serializers.CharField(help_text="The id that the pack gives itself.")
    name = serializers.CharField()
    release = serializers.CharField(help_text="Version of the framework.")
    edition = serializers.IntegerField(help_text="Of the pack; grows with each change.")
    owner = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    is_shipped = serializers.BooleanField(help_text="Whether it is, word for word, one that comes with the product.")
    is_active = serializers.BooleanField(help_text="Whether the map shows it.")
    fingerprint = serializers.CharField(help_text="SHA-256 over what was loaded.")
    adopted_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class FrameworkPackBody(Strict):
    """A pack as it is written, in YAML."""

    text = Text(max_length=LARGEST_BYTES, trim_whitespace=False, help_text="See the guide to framework packs.")


class FrameworkCertificateShape(Answer):
    """What an act on a pack changed besides the pack: nothing, or it was rolled back."""

    id = serializers.IntegerField()
    pack = serializers.CharField(help_text="The pack's short name.")
    pack_name = serializers.CharField()
    act = serializers.ChoiceField(choices=Act.choices)
    edition_before = serializers.IntegerField(allow_null=True)
    edition_after = serializers.IntegerField(allow_null=True)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    before = serializers.CharField(help_text="Fingerprint of the product before the act.")
    after = serializers.CharField(help_text="Fingerprint of the product right after it.")
    written = serializers.DictField(child=serializers.IntegerField(), help_text="Rows written by table.")
    differences = serializers.ListField(child=serializers.CharField())
    seal = serializers.CharField(help_text="SHA-256 over all that it says.")
    by = Named(allow_null=True)
    at = serializers.DateTimeField()


class PracticePlaceShape(Answer):
    """Where a step is done."""

    name = serializers.CharField()
    url = serializers.CharField(allow_blank=True, help_text="Empty where the caller may not open it.")
    open_records = serializers.IntegerField(allow_null=True, help_text="Null for pages.")


class MappedPracticeShape(Answer):
    """A practice of a framework."""

    id = serializers.IntegerField()
    framework = serializers.CharField(help_text="The pack's short name.")
    key = serializers.CharField(help_text="The pack's id for it.")
    ref = serializers.CharField(allow_blank=True)
    name = serializers.CharField()


class PracticeStepShape(Answer):
    """A step of the processes with what plugs in there."""

    id = serializers.CharField()
    process = serializers.CharField()
    name = serializers.CharField()
    is_done_here = serializers.BooleanField()
    procedure = serializers.CharField(allow_null=True, help_text="Short name of the procedure in force.")
    here = PracticePlaceShape(many=True)
    practices = MappedPracticeShape(many=True)


class PracticeFiguresShape(Answer):
    """What the map comes to."""

    frameworks = serializers.IntegerField()
    practices = serializers.IntegerField()
    attachments = serializers.IntegerField(help_text="Points at which practices plug in.")
    steps_used = serializers.IntegerField()
    duplicates_avoided = serializers.IntegerField(help_text="Attachments less the steps they use.")
    overlaps = serializers.IntegerField()
    orphans = serializers.IntegerField()
    gaps = serializers.IntegerField()


class PracticeMapShape(Answer):
    """Frameworks by steps."""

    figures = PracticeFiguresShape()
    items = PracticeStepShape(many=True)


class PracticeGapShape(Answer):
    """A practice of which nothing is done here."""

    practice = MappedPracticeShape()
    steps = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    is_written = serializers.BooleanField(help_text="Procedures are in force and have a role that answers.")
    is_taken = serializers.BooleanField(help_text="Whether it became an improvement.")
    improvement = serializers.CharField(allow_null=True, help_text="Its reference, if the caller sees it.")


class PracticeGapList(Answer):
    """All gaps."""

    items = PracticeGapShape(many=True)


class PracticeSignalShape(Answer):
    """A measure that practices carry and that missed its target."""

    id = serializers.IntegerField()
    kpi = serializers.CharField()
    month = serializers.DateField(help_text="First day of the latest month that missed.")
    months = serializers.IntegerField(help_text="How many in a row.")
    number = serializers.FloatField()
    target = serializers.FloatField()
    practices = MappedPracticeShape(many=True)
    is_taken = serializers.BooleanField()
    improvement = serializers.CharField(allow_null=True)
    dismissed_at = serializers.DateTimeField(allow_null=True)
    dismissed_by = Named(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why it is a false alarm.")


class SignalsQuery(Query):
    """Which signals."""

    is_dismissed = serializers.BooleanField(default=False, help_text="Those that were called false alarms.")


class DismissalBody(Strict):
    """Why it is a false alarm."""

    reason = Text(max_length=LONGEST_REASON)


class PracticeSignalList(Answer):
    """Signals of measures that still miss their targets."""

    items = PracticeSignalShape(many=True)


class RaisedImprovement(Answer):
    """What became of it."""

    improvement = serializers.CharField(help_text="Reference in the register.")


def pack(row: Pack) -> dict[str, Any]:
    """The dictionary of a `FrameworkPackShape`."""
    names = ("slug", "name", "release", "edition", "owner", "note", "is_shipped", "is_active", "fingerprint",
             "adopted_at", "changed_at", "version")  # fmt: skip
    return {"id": row.pk} | {name: getattr(row, name) for name in names}


def certificate(row: Certificate) -> dict[str, Any]:
    """The dictionary of a `FrameworkCertificateShape`."""
    names = ("pack_name", "act", "edition_before", "edition_after", "verdict", "before", "after", "written",
             "differences", "seal", "at")  # fmt: skip
    said = {"id": row.pk, "pack": row.pack_slug} | {name: getattr(row, name) for name in names}
    return said | {"by": named(row.by_id, row.by.name if row.by else None)}


def practice(row: Practice) -> dict[str, Any]:
    """The dictionary of a `MappedPracticeShape`."""
    return {"id": row.pk, "framework": row.pack.slug, "key": row.key, "ref": row.ref, "name": row.name}


def step(row: Row) -> dict[str, Any]:
    """The dictionary of a `PracticeStepShape`."""
    return {
        "id": row.step.id,
        "process": row.step.process,
        "name": str(row.step.name),
        "is_done_here": row.is_done_here,
        "procedure": row.procedure.slug if row.procedure else None,
        "here": [{"name": each.label, "url": each.url, "open_records": each.count} for each in row.here],
        "practices": [practice(each) for each in row.all_practices],
    }


def gap(row: Gap) -> dict[str, Any]:
    """The dictionary of a `PracticeGapShape`."""
    return {
        "practice": practice(row.practice),
        "steps": row.practice.steps,
        "reason": row.reason,
        "is_written": row.is_written,
        "is_taken": row.is_taken,
        "improvement": row.improvement.reference if row.improvement else None,
    }


def signal(row: Shown) -> dict[str, Any]:
    """The dictionary of a `PracticeSignalShape`."""
    return {
        "id": row.signal.pk,
        "kpi": row.signal.kpi,
        "month": row.signal.first_day,
        "months": row.signal.months,
        "number": row.signal.number,
        "target": row.signal.target,
        "practices": [practice(each) for each in row.practices],
        "is_taken": row.is_taken,
        "improvement": row.improvement.reference if row.improvement else None,
        "dismissed_at": row.signal.dismissed_at,
        "dismissed_by": person_of(row.signal.dismissed_by),
        "reason": row.signal.reason,
    }
