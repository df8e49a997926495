"""Verifications and differences as the API shows them, and what callers say about them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.fields import LARGEST_KEY, Answer, Integer, Named, Strict, Text
from common.api.filters import PageQuery
from common.texts import LONGEST
from records.api.references import RecordRow
from records.api.representation import person_of

from ..models import Difference, Verification
from ..queries import ALL, STATES, changes_seen
from ..saying import Saying

MOST = 500


class DifferenceQuery(PageQuery):
    """Filters add up."""

    state = serializers.ChoiceField(
        choices=STATES,
        default=ALL,
        help_text="`open`: nobody explained it. `followed`: open, and a change was written down because of it.",
    )
    item = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, help_text="Id of an item.")
    service = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, help_text="Id of a service.")
    q = serializers.CharField(required=False, max_length=100, help_text="Part of the item's name.")


class FoundDifferenceShape(Answer):
    """One thing in which an item was other than written down."""

    id = serializers.IntegerField()
    item = Named()
    found_at = serializers.DateTimeField()
    file_name = serializers.CharField(allow_null=True, help_text="Of the import that found it. Null: a person did.")
    found_by = Named(allow_null=True)
    field = serializers.CharField(allow_blank=True, help_text="As imports name it; empty where it was said in words.")
    what = serializers.CharField(help_text="The field in words.")
    before = serializers.CharField(allow_blank=True, help_text="What was written down, in words.")
    after = serializers.CharField(help_text="What was found, in words.")
    is_open = serializers.BooleanField(help_text="Nothing explains it: it counts as a change nobody authorized.")
    change = serializers.CharField(allow_null=True, help_text="Reference of the change that explains it.")
    reason = serializers.CharField(allow_blank=True)
    explained_at = serializers.DateTimeField(allow_null=True)
    explained_by = Named(allow_null=True, help_text="Null with a moment: found by itself.")
    follow_up = serializers.CharField(allow_null=True, help_text="Reference of the change that shall set it right.")


class VerificationShape(Answer):
    """That somebody looked at an item."""

    id = serializers.IntegerField()
    item = Named()
    verified_at = serializers.DateTimeField()
    verified_by = Named(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    differences = FoundDifferenceShape(many=True)


class NewVerification(Strict):
    """What somebody saw who looked."""

    difference = Text(
        max_length=LONGEST,
        required=False,
        allow_blank=True,
        help_text="What is other than written down; leave it out when nothing is.",
    )
    note = Text(max_length=LONGEST, required=False, allow_blank=True)


class VerifiedItems(Strict):
    """Items that somebody looked at, each as written down."""

    items = serializers.ListField(
        child=Integer(min_value=1, max_value=LARGEST_KEY), min_length=1, max_length=MOST, help_text="Their ids."
    )
    note = Text(max_length=LONGEST, required=False, allow_blank=True)


class VerifiedShape(Answer):
    """How many were verified; retired ones are left out, and those that the caller may not see."""

    verified = serializers.IntegerField()


class Choosing(Strict):
    """Which differences it is about."""

    differences = serializers.ListField(
        child=Integer(min_value=1, max_value=LARGEST_KEY), min_length=1, max_length=MOST, help_text="Their ids."
    )


class DifferencesExplanation(Choosing):
    """Where they come from: a change, or a reason why they are in order without one."""

    reason = Text(max_length=LONGEST, required=False, allow_blank=True)
    change = RecordRow(required=False, allow_null=True, help_text="Reference of a change that was begun.")

    def validate_change(self, found: Any) -> Any:
        if found is not None and found.kind != "change":
            raise serializers.ValidationError(_("This is no change. Name the change."))
        return found


class ReopeningBody(Strict):
    """Why the explanation does not hold."""

    reason = Text(max_length=LONGEST)


class ExplainedShape(Answer):
    """How many are explained now; others were before."""

    explained = serializers.IntegerField()


class FollowUpShape(Answer):
    """The change that was written down."""

    change = serializers.CharField(help_text="Its reference.")


def shown(rows: Iterable[Difference], user: Any) -> list[dict[str, Any]]:
    """The dictionaries of a `FoundDifferenceShape`. :param rows: read with their names."""
    listed = list(rows)
    saying, seen = Saying(listed), changes_seen(listed, user)
    return [
        {
            "id": row.pk,
            "item": named(row.item),
            "found_at": row.verification.at,
            "file_name": row.verification.run.file_name if row.verification.run else None,
            "found_by": person_of(row.verification.by),
            "field": row.field,
            "what": saying.what(row),
            "before": saying.before(row),
            "after": saying.after(row),
            "is_open": row.is_open,
            "change": row.change.reference if row.change and row.change_id in seen else None,
            "reason": row.reason,
            "explained_at": row.explained_at,
            "explained_by": person_of(row.explained_by),
            "follow_up": row.follow_up.reference if row.follow_up and row.follow_up_id in seen else None,
        }
        for row in listed
    ]


def named(item: Any) -> dict[str, Any]:
    return {"id": item.pk, "name": item.name}


def verification(row: Verification, user: Any) -> dict[str, Any]:
    """The dictionary of a `VerificationShape`."""
    found = Difference.objects.filter(verification=row).with_names().order_by("pk")
    return {
        "id": row.pk,
        "item": named(row.item),
        "verified_at": row.at,
        "verified_by": person_of(row.by),
        "note": row.note,
        "differences": shown(found, user),
    }
