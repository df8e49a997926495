"""What writing, changing and answering with articles may say."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Choice, Flag, Integer, Row, Strict, Text, Texts
from people.queries import organizations_visible_to
from records.api.references import RecordRow, category, person, service

from ..enums import Audience
from ..operations import using
from ..operations.texts import LONGEST, LONGEST_SECTION, LONGEST_SECTION_HEADING, MOST_SECTIONS


class ArticleSectionBody(Strict):
    """A further part of an article."""

    heading = Text(max_length=LONGEST_SECTION_HEADING)
    text = Text(max_length=LONGEST_SECTION, trim_whitespace=False)


class Sections(serializers.ListField):
    child = ArticleSectionBody()


def _text(name: str, **options: Any) -> Text:
    said: dict[str, Any] = {"required": False, "allow_blank": True, "trim_whitespace": False}
    return Text(max_length=LONGEST[name], **said | options)


class NewArticle(Strict):
    """A draft. Only the title is needed now; submitting it asks for symptom and fix."""

    title = Text(max_length=LONGEST["title"])
    symptom = _text("symptom", help_text="How one recognizes it. Markdown.")
    cause = _text("cause")
    fix = _text("fix", help_text="What to do. Markdown.")
    sections = Sections(required=False, max_length=MOST_SECTIONS)
    service = service(required=False, help_text="Id or short name.")
    category = category(required=False, help_text="Id or name.")
    tags = Texts(required=False, max_length=50)
    source = RecordRow(required=False, help_text="The record that it comes out of; limits who may read it.")  # type: ignore[assignment]


class ArticleChange(Strict):
    """What stands beside the texts. Only fields that are sent are written."""

    service = service(required=False, allow_null=True, help_text="Id or short name.")
    category = category(required=False, allow_null=True, help_text="Id or name.")
    owner = person(required=False, help_text="Id or user name of who answers for it.")
    tags = Texts(required=False, max_length=50)
    reason = Text(max_length=5000, required=False, allow_blank=True, help_text="Why; it stands in the history.")


class ArticleDraftBody(Strict):
    """Texts of the draft; only those sent are written. The first one after a publication begins the next version."""

    title = Text(max_length=LONGEST["title"], required=False)
    symptom = _text("symptom")
    cause = _text("cause")
    fix = _text("fix")
    sections = Sections(required=False, max_length=MOST_SECTIONS)
    note = _text("note", help_text="What is new in this version.")
    revision = Integer(
        min_value=0, max_value=2**31 - 1, required=False, help_text="Of the draft that you began from, 0 for none."
    )


class ArticleAudienceBody(Strict):
    """Who may read what is published."""

    audience = Choice(choices=Audience.choices)
    organizations = serializers.ListField(
        child=Row(among=organizations_visible_to), required=False, max_length=200, help_text="Ids or short names."
    )
    confirm_nothing_of_customer = Flag(
        required=False, help_text="You have read it: nothing of the customer it was drafted from is in it."
    )


class ArticleVoteBody(Strict):
    """Whether it helped."""

    is_helpful = Flag()
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="What was missing.")


class ArticleUseBody(Strict):
    """Answer a record with the article."""

    record = RecordRow(help_text="Reference or number.")
    way = Choice(
        choices=[
            (using.LINK, "a line that leads to it"),
            (using.TEXT, "the fix itself"),
            (using.MENTION, "nothing, it helped the agent"),
        ]
    )


class ArticleDismissalBody(Strict):
    """The article does not fit a record."""

    record = RecordRow(help_text="Reference or number.")
