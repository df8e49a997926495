"""An article from its first draft to its end."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from audit.models import Entry
from common.refusals import NotAllowed, Refused, Stale
from knowledge import operations
from knowledge.models import Article, ArticleVersion
from people.models import RoleGrant
from records.transitions import TransitionRefused
from tests.conftest import moment

from .conftest import AT, LATER, REVIEW, codes


def actions(article):
    entries = Entry.objects.filter(subject_kind="record", subject_id=article.pk).order_by("id")
    return list(entries.values_list("action", flat=True))


def test_a_draft_is_published_after_somebody_else_has_read_it(house, draft):
    article = operations.submit(article=draft(), by=house.tom, at=AT)
    assert (article.state, article.phase, article.submitted_by) == ("in_review", "waiting", house.tom)

    article = operations.publish(article=article, by=house.aisha, at=LATER, review_date=REVIEW)

    assert (article.state, article.phase, article.review_date) == ("published", "done", REVIEW)
    assert (article.published.number, article.published.published_by, article.slug) == (
        1, house.aisha, "reset-your-vpn-profile",
    )  # fmt: skip
    assert actions(article) == ["article.created", "article.submitted", "article.published"]


def test_the_author_does_not_publish_their_own_words(house, draft):
    article = operations.submit(article=draft(by=house.aisha), by=house.aisha, at=AT)

    with pytest.raises(TransitionRefused) as refused:
        operations.publish(article=article, by=house.aisha, at=LATER, review_date=REVIEW)

    assert codes(refused) == ["own_work"]
    assert Article.objects.get(pk=article.pk).published is None


def test_an_author_who_is_the_only_publisher_may(house, draft):
    RoleGrant.objects.filter(user=house.ines).delete()
    article = operations.submit(article=draft(by=house.aisha), by=house.aisha, at=AT)

    article = operations.publish(article=article, by=house.aisha, at=LATER, review_date=REVIEW)

    assert article.state == "published"


def test_an_agent_who_leads_nobody_does_not_publish(house, draft):
    article = operations.submit(article=draft(by=house.aisha), by=house.aisha, at=AT)

    with pytest.raises(NotAllowed):
        operations.publish(article=article, by=house.tom, at=LATER, review_date=REVIEW)


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2026, 3, 2), date(1970, 1, 1)])
def test_the_next_review_lies_in_the_future(house, draft, day):
    article = operations.submit(article=draft(), by=house.tom, at=AT)

    with pytest.raises(TransitionRefused) as refused:
        operations.publish(article=article, by=house.aisha, at=LATER, review_date=day)

    assert codes(refused) == ["past"]


def test_today_is_the_day_of_the_reporting_zone(house, draft, settings):
    settings.TIME_ZONE = "Pacific/Kiritimati"  # UTC+14: there it is tomorrow already
    article = operations.submit(article=draft(), by=house.tom, at=AT)

    with pytest.raises(TransitionRefused) as refused:
        operations.publish(article=article, by=house.aisha, at=moment("2026-03-03 11:00"), review_date=date(2026, 3, 4))

    assert codes(refused) == ["past"]


def test_a_draft_without_a_symptom_is_not_submitted(house, draft):
    with pytest.raises(TransitionRefused) as refused:
        operations.submit(article=draft(symptom="  "), by=house.tom, at=AT)

    assert codes(refused) == ["template"]


def test_what_reads_like_another_article_asks_whether_it_is_one(house, draft, publish):
    publish()
    second = draft(title="Reset your VPN profiles")

    with pytest.raises(TransitionRefused) as refused:
        operations.submit(article=second, by=house.tom, at=AT)
    assert codes(refused) == ["duplicate"]

    assert operations.submit(article=second, by=house.tom, at=AT, confirm_no_duplicate=True).state == "in_review"


def test_what_was_submitted_stays_as_it_is_until_it_is_sent_back(house, draft):
    article = operations.submit(article=draft(), by=house.tom, at=AT)

    with pytest.raises(Refused) as refused:
        operations.write(article=article, by=house.aisha, at=AT, values={"fix": "Something else."})
    assert codes(refused) == ["submitted"]

    back = operations.hand_back(article=article, by=house.aisha, at=LATER, reason="Which client?")
    operations.write(article=back, by=house.tom, at=LATER, values={"fix": "In client 7: reset."})
    assert (back.state, back.versions.get().fix) == ("draft", "In client 7: reset.")


def test_readers_keep_the_published_version_while_the_next_one_is_written(house, publish):
    article = publish()

    second = operations.write(article=article, by=house.tom, at=LATER, values={"title": "Renew it", "fix": "New."})

    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.state, fresh.title, fresh.published.number, second.number) == (
        "published", "Reset your VPN profile", 1, 2,
    )  # fmt: skip
    fresh = operations.submit(article=fresh, by=house.tom, at=LATER, confirm_no_duplicate=True)
    assert (fresh.state, fresh.published.number) == ("published", 1)
    fresh = operations.publish(article=fresh, by=house.aisha, at=LATER, review_date=REVIEW)
    assert (fresh.title, fresh.published.number, fresh.slug) == ("Renew it", 2, "reset-your-vpn-profile")


def test_there_is_one_draft_at_a_time(house, publish):
    article = publish()
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "First."})
    operations.write(article=article, by=house.aisha, at=LATER, values={"cause": "Second."})

    draft = article.versions.get(published_at=None)

    assert (draft.number, draft.fix, draft.cause, draft.author) == (2, "First.", "Second.", house.aisha)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleVersion.objects.create(
            article=article, number=3, title="x", started_at=AT, saved_at=AT, heading="", body=""
        )


def test_the_second_of_two_editors_is_told(house, draft):
    article = draft()
    operations.write(article=article, by=house.aisha, at=LATER, values={"fix": "Hers."}, revision=1)

    with pytest.raises(Stale):
        operations.write(article=article, by=house.tom, at=LATER, values={"fix": "His."}, revision=1)

    assert article.versions.get().fix == "Hers."


def test_two_who_begin_the_next_version_do_not_overwrite_each_other(house, publish):
    article = publish()
    operations.write(article=article, by=house.aisha, at=LATER, values={"fix": "Hers."}, revision=0)

    with pytest.raises(Stale):
        operations.write(article=article, by=house.tom, at=LATER, values={"fix": "His."}, revision=0)


@pytest.mark.parametrize("statement", ["UPDATE {} SET fix = 'x' WHERE id = %s", "DELETE FROM {} WHERE id = %s"])
def test_the_database_keeps_published_versions(publish, statement):
    version = publish().published

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("knowledge_articleversion"), [version.pk])


def test_saving_the_same_words_again_leaves_no_trace(house, draft):
    article = draft()
    before = actions(article)

    kept = operations.write(article=article, by=house.aisha, at=LATER, values={"title": " Reset  your VPN profile"})

    assert (kept.revision, kept.author, actions(article)) == (1, house.tom, before)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " \x00 "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"symptom": "x" * 20_001}, "symptom"),
        ({"sections": [{"heading": "Only this", "text": ""}]}, "sections"),
        ({"sections": [{"heading": "h", "text": "t"}] * 13}, "sections"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_by_its_field(house, draft, values, field):
    with pytest.raises(Refused) as refused:
        operations.write(article=draft(), by=house.tom, at=LATER, values=values)

    assert {each.field for each in refused.value.refusals} == {field}


def test_a_draft_beside_the_published_version_can_be_thrown_away(house, publish):
    article = publish()
    operations.write(article=article, by=house.tom, at=LATER, values={"fix": "Worse."})

    operations.discard(article=article, by=house.tom, at=LATER)

    assert [each.number for each in article.versions.all()] == [1]


def test_the_only_draft_is_not_thrown_away(house, draft):
    with pytest.raises(Refused) as refused:
        operations.discard(article=draft(), by=house.tom, at=LATER)

    assert codes(refused) == ["only_version"]


def test_confirming_moves_the_review_date_and_is_the_owners(house, publish):
    article = operations.call_review(article=publish(), by=house.aisha, at=LATER, reason="New client.")
    assert (article.state, article.phase) == ("review_due", "open")

    article = operations.confirm(article=article, by=house.tom, at=LATER, review_date=date(2027, 1, 1))

    assert (article.state, article.review_date, article.published.number) == ("published", date(2027, 1, 1), 1)


def test_an_agent_who_does_not_own_it_does_not_confirm_it(house, publish, draft):
    article = publish()
    mei = type(house.tom).objects.create_user("mei", "mei@northwind.example", name="Mei", organization=house.provider)
    RoleGrant.objects.create(user=mei, role="technician")

    with pytest.raises(TransitionRefused) as refused:
        operations.confirm(article=article, by=mei, at=LATER, review_date=date(2027, 1, 1))

    assert codes(refused) == ["not_owner"]


def test_retired_is_final(house, publish):
    article = operations.retire(article=publish(), by=house.aisha, at=LATER, reason="The client is gone.")

    assert (article.state, article.phase, article.closed_at) == ("retired", "done", LATER)
    with pytest.raises(Refused):
        operations.write(article=article, by=house.tom, at=LATER, values={"fix": "x"})
    with pytest.raises(Refused):
        operations.set_audience(article=article, by=house.aisha, at=LATER, audience="public")


def test_a_used_article_says_what_replaces_it(house, publish, log_incident):
    article, better = publish(), publish(title="Use the new client instead")
    operations.insert(article=article, record=log_incident(), by=house.tom, at=LATER, way="link")

    with pytest.raises(TransitionRefused) as refused:
        operations.retire(article=article, by=house.aisha, at=LATER, reason="Old.")
    assert codes(refused) == ["used"]

    retired = operations.retire(article=article, by=house.aisha, at=LATER, reason="Old.", replacement=better)
    assert retired.replaced_by == better


def test_a_replacement_that_fewer_people_may_read_is_refused(house, publish):
    article, inner = publish(), publish(audience="internal", title="For us alone")

    with pytest.raises(TransitionRefused) as refused:
        operations.retire(article=article, by=house.aisha, at=LATER, reason="Old.", replacement=inner)

    assert codes(refused) == ["replacement"]


def test_addresses_stay_apart_when_titles_are_the_same(publish):
    first, second = publish(), publish()

    assert (first.slug, second.slug) == ("reset-your-vpn-profile", f"reset-your-vpn-profile-{second.pk}")
