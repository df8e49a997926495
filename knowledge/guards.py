"""What must hold before an article moves: small, named, pure."""

from django.utils.translation import gettext as _

from common.refusals import Refusal
from records.workflow import MoveContext

from .enums import SHOWN, Audience


def there_is_a_draft(context: MoveContext) -> Refusal | None:
    if context.facts.draft is not None:
        return None
    return Refusal("no_draft", _("Nothing was changed since it was published. Write a new version first."))


def nothing_is_submitted(context: MoveContext) -> Refusal | None:
    if context.record.submitted_at is None:
        return None
    return Refusal("submitted", _("It waits for its review already."))


def template_is_filled(context: MoveContext) -> Refusal | None:
    """Readers recognize their trouble by the symptom and need something to do about it."""
    draft = context.facts.draft
    if draft is None or (draft.symptom.strip() and (draft.fix.strip() or draft.sections)):
        return None
    return Refusal(
        "template",
        _("Readers need to recognize their trouble and to know what to do. Fill in the symptom, and the fix."),
    )


def duplicates_are_checked(context: MoveContext) -> Refusal | None:
    if context.inputs.get("confirm_no_duplicate"):
        return None
    alike = context.facts.duplicates_for(context.by)
    if not alike:
        return None
    names = ", ".join(f"{each.reference} “{each.title}”" for each in alike)
    return Refusal(
        "duplicate",
        _("This reads like %(articles)s. Improve that one instead, or confirm that this one says something else.")
        % {"articles": names},
        "confirm_no_duplicate",
    )


def something_is_submitted(context: MoveContext) -> Refusal | None:
    if context.record.submitted_at is not None:
        return None
    return Refusal("not_submitted", _("Nothing waits for a review. The draft has to be submitted first."))


def publisher_is_not_the_author(context: MoveContext) -> Refusal | None:
    """Four eyes, unless nobody else could publish it."""
    draft, person = context.facts.draft, context.by
    if person is None or draft is None or draft.author_id != person.pk or context.facts.is_alone(person):
        return None
    return Refusal("own_work", _("You wrote this version, so somebody else has to publish it."))


def review_date_is_later(context: MoveContext) -> Refusal | None:
    review_date = context.inputs.get("review_date")
    if not review_date or review_date > context.facts.today:
        return None
    return Refusal(
        "past",
        _("%(date)s is not in the future. Choose the day on which somebody looks at it again.") % {"date": review_date},
        "review_date",
    )


def audience_names_somebody(context: MoveContext) -> Refusal | None:
    if context.record.audience != Audience.CUSTOMERS or context.facts.organization_ids:
        return None
    return Refusal("nobody", _("No organization is chosen that may read it. Choose some, or make it internal."))


def audience_fits_the_source(context: MoveContext) -> Refusal | None:
    """What came out of one customer's records goes to others only when a person vouches for it."""
    if context.inputs.get("confirm_nothing_of_customer") or not context.facts.sources_narrower_than_audience:
        return None
    names = ", ".join(each.reference for each in context.facts.sources_narrower_than_audience)
    return Refusal(
        "wider_than_source",
        _(
            "It was drafted from %(sources)s, which the readers of this article may not see. Make the audience smaller,"
            " or confirm that nothing of a customer is in it."
        )
        % {"sources": names},
        "confirm_nothing_of_customer",
    )


def owner_or_publisher_confirms(context: MoveContext) -> Refusal | None:
    if context.by is None or context.by.pk == context.record.owner_id or context.facts.may_publish(context.by):
        return None
    return Refusal(
        "not_owner",
        _("Its owner confirms it: %(owner)s, or a team lead.") % {"owner": context.record.owner or _("nobody yet")},
    )


def replacement_can_be_read(context: MoveContext) -> Refusal | None:
    replacement = context.inputs.get("replacement")
    if replacement is None:
        return None
    is_article = replacement.kind == context.record.kind and replacement.pk != context.record.pk
    if is_article and replacement.state in SHOWN and context.facts.is_read_by_as_many(replacement):
        return None
    return Refusal(
        "replacement",
        _("Readers could not read %(reference)s instead. Choose a published article with at least the same audience.")
        % {"reference": replacement.reference},
        "replacement",
    )


def replacement_is_named_if_used(context: MoveContext) -> Refusal | None:
    said = context.inputs
    if said.get("replacement") or said.get("confirm_no_replacement") or not context.facts.use_count:
        return None
    return Refusal(
        "used",
        _("Tickets were answered with it, and people may follow the link. Name what replaces it, or confirm nothing."),
        "confirm_no_replacement",
    )
