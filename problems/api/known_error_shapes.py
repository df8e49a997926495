"""How known errors, their sending and their use read in the API."""

from typing import Any

from rest_framework import serializers

from common.api.fields import LARGEST_KEY, Answer, Choice, Flag, Named, Strict, Text, named
from common.api.filters import PageQuery, Query
from records.api.references import RecordRow, item, service
from records.bulk import runs

from ..enums import Use
from ..models import KnownError, KnownErrorUse


class KnownErrorRow(Answer):
    """A known error in a list."""

    reference = serializers.CharField()
    problem = serializers.CharField(help_text="Reference of its problem.")
    title = serializers.CharField()
    symptom = serializers.CharField()
    workaround = serializers.CharField(allow_blank=True)
    has_workaround = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    used_count = serializers.IntegerField()
    worked_count = serializers.IntegerField()
    failed_count = serializers.IntegerField()


class KnownErrorShape(KnownErrorRow):
    """A known error."""

    cause = serializers.CharField(allow_blank=True)
    is_cause_confirmed = serializers.BooleanField()
    published_by = Named(allow_null=True)
    revised_at = serializers.DateTimeField(allow_null=True)
    services = Named(many=True)
    items = Named(many=True)
    version = serializers.IntegerField(help_text="Of its problem.")


class KnownErrorQuery(PageQuery):
    """Which known errors."""

    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="Words of title and texts, typing errors forgiven.",
    )
    withdrawn = serializers.BooleanField(default=False, help_text="Withdrawn ones, too.")


class MatchQuery(Query):
    """What is being typed, or a record that is worked on."""

    title = serializers.CharField(required=False, max_length=200, help_text="Four characters at least.")
    service = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, help_text="Id.")
    item = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, help_text="Id.")
    record = serializers.CharField(required=False, max_length=30, help_text="A reference, instead of the others.")


class KnownErrorMatchShape(Answer):
    """A known error that may fit."""

    known_error = KnownErrorRow()
    score = serializers.FloatField(help_text="0 to 1.")
    why = serializers.CharField()
    is_linked = serializers.BooleanField(help_text="The record is linked with it, or it was used there.")


class KnownErrorMatchList(Answer):
    """The best first."""

    items = KnownErrorMatchShape(many=True)


class KnownErrorChange(Strict):
    """Only what is sent is written."""

    title = Text(max_length=200, required=False)
    symptom = Text(max_length=20_000, required=False)
    cause = Text(max_length=20_000, required=False, allow_blank=True)
    is_cause_confirmed = Flag(required=False)
    workaround = Text(max_length=20_000, required=False, help_text="Or the word none.")
    services = serializers.ListField(child=service(), required=False, max_length=200)
    items = serializers.ListField(child=item(), required=False, max_length=200)


class SendingBody(Strict):
    """To whom the workaround goes."""

    records = serializers.ListField(
        child=RecordRow(),
        required=False,
        max_length=runs.MOST,
        help_text="References; every open incident that the problem causes when left out.",
    )
    text = Text(max_length=20_000, required=False, help_text="What they read; the workaround when left out.")
    resolve = Flag(default=False, help_text="Resolve them with the code “workaround given”.")


class SendingShape(Answer):
    """What came of a sending. While `pending` is not 0 a worker goes on."""

    run = serializers.IntegerField()
    total = serializers.IntegerField()
    sent = serializers.IntegerField()
    skipped = serializers.IntegerField()
    pending = serializers.IntegerField()
    reasons = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Why some were left out: references."
    )


class UseShape(Answer):
    """What became of a known error on one record."""

    id = serializers.IntegerField()
    record = serializers.CharField(help_text="Its reference.")
    use = serializers.ChoiceField(choices=Use.values)
    by = Named(allow_null=True)
    at = serializers.DateTimeField()
    worked = serializers.BooleanField(allow_null=True)


class UseList(Answer):
    """Records that the caller may see, the latest first."""

    items = UseShape(many=True)


class UseBody(Strict):
    """That it was put into a reply, or that it does not fit."""

    record = RecordRow()
    use = Choice(choices=[(Use.INSERTED.value, "put into a reply"), (Use.DISMISSED.value, "did not fit")])


class OutcomeBody(Strict):
    """Whether it helped."""

    worked = Flag()


def row_of(known: KnownError) -> dict[str, Any]:
    """The dictionary of a `KnownErrorRow`. :param known: read `with_counts()` and its problem."""
    return {
        "reference": known.reference,
        "problem": known.problem.reference,
        "title": known.title,
        "symptom": known.symptom,
        "workaround": known.workaround,
        "has_workaround": known.has_workaround,
        "published_at": known.published_at,
        "withdrawn_at": known.withdrawn_at,
        "used_count": known.used_count,  # type: ignore[attr-defined] # counted in the query
        "worked_count": known.worked_count,  # type: ignore[attr-defined] # as above
        "failed_count": known.failed_count,  # type: ignore[attr-defined] # as above
    }


def shape_of(known: KnownError) -> dict[str, Any]:
    return row_of(known) | {
        "cause": known.cause,
        "is_cause_confirmed": known.is_cause_confirmed,
        "published_by": named(known.published_by_id, known.published_by.name if known.published_by else None),
        "revised_at": known.revised_at,
        "services": [{"id": each.pk, "name": each.name} for each in known.services.all()],
        "items": [{"id": each.pk, "name": each.name} for each in known.items.all()],
        "version": known.problem.version,
    }


def use_of(use: KnownErrorUse) -> dict[str, Any]:
    return {
        "id": use.pk,
        "record": use.record.reference,
        "use": use.use,
        "by": named(use.by_id, use.by.name if use.by else None),
        "at": use.at,
        "worked": use.worked,
    }
