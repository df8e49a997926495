"""What nobody should send, by the page and over REST: refused in words that help, nothing done, nothing lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from audit.outbox import dispatch_due
from knowledge import operations as articles
from notifications.models import Notice
from problems import operations
from problems.models import Problem
from records import operations as record_operations
from records.enums import LinkKind
from records.models import Link
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment
from tests.knowledge.conftest import draft, publish  # noqa: F401 - fixtures

AT = moment("2026-03-03 10:00")
NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TOLD_OFF = ("please", "sorry", "invalid", "successfully")


@pytest.fixture
def tom(client: Any, house: Any) -> Any:
    client.force_login(house.tom)
    return client


def said_on(client: Any, address: str) -> str:
    """The page that a refused act leads to."""
    return client.get(address).content.decode()


def test_links_to_itself_and_in_circles_are_refused_by_every_door(
    house,
    tom,
    as_,  # noqa: F811
    log_problem,
    draft,  # noqa: F811
    subtests,
):
    first, second, third = (log_problem(title=f"Problem {number}") for number in range(3))
    for one, other in ((first, second), (second, third)):
        for kind in (LinkKind.DUPLICATE_OF, LinkKind.CAUSED_BY):
            record_operations.link(record=one, to=other, kind=kind, by=house.tom, at=AT)
    count, speaker, article = Link.objects.count(), as_(house.tom), draft()
    tries = [
        (first, first, "related_to", "can't be linked to itself"),
        (article, article, "caused_by", "can't be linked to itself"),
        (third, first, "duplicate_of", "A circle is not possible"),
        (third, first, "caused_by", "A circle is not possible"),
    ]

    for record, to, kind, words in tries:
        with subtests.test(words, kind=kind):
            slug = record.practice.slug
            answer = speaker.post(f"{slug}/{record.reference}/links/", {"kind": kind, "to": to.reference})
            page = tom.post(f"/r/{record.reference}/links/", {"kind": kind, "to": to.reference})
            shown = said_on(tom, page["Location"])

            assert answer.status_code in (409, 422)
            assert words in answer.json()["errors"][0]["message"]
            assert words.replace("'", "&#x27;") in shown
            assert f'value="{to.reference}"' in shown
            assert f'<option value="{kind}" selected>' in shown
            assert not any(word in answer.json()["errors"][0]["message"].lower() for word in TOLD_OFF)

    assert Link.objects.count() == count


def test_what_was_typed_as_a_reference_is_shown_again_as_text(tom, log_problem):
    page = tom.post(f"/r/{log_problem().reference}/links/", {"kind": "related_to", "to": f'"{NASTY}'})

    shown = said_on(tom, page["Location"])

    assert "There is no record" in shown
    assert "<script>alert" not in shown
    assert 'value="&quot;&lt;script&gt;' in shown


def test_dates_that_have_passed_are_refused_by_every_door_and_nothing_typed_is_lost(
    house,
    client,
    as_,  # noqa: F811
    fixing,
    log_problem,
    subtests,
):
    today = timezone.now().astimezone(house.ines.zone).date()
    task = fixing.tasks.get()
    record_operations.complete_task(task=task, by=house.aisha, at=AT + timedelta(days=2))
    new = log_problem(title="New one")
    accepting = {"owner": house.tom.pk, "impact_statement": "Forty people wait & wait."}
    tries = [
        (new, "acceptance", "review_date", accepting),
        (fixing, "risk-acceptance", "review_date", {"reason": "Too dear <b>now</b>."}),
        (fixing, "verification", "watch_until_date", {}),
    ]
    client.force_login(house.ines)

    for record, noun, field, said in tries:
        for day in (today, today - timedelta(days=1), "1066-10-14"):
            with subtests.test(noun, day=str(day)):
                address = f"/problems/{record.reference}/{noun}/"
                answer = as_(house.ines).post(f"/api/v1{address}", {**said, field: str(day)})
                page = client.post(address, {**said, field: str(day)})

                assert (answer.status_code, page.status_code) == (422, 422)
                assert [each["field"] for each in answer.json()["errors"]] == [field]
                assert str(day) in page.content.decode()
                for text in [each for each in said.values() if isinstance(each, str)]:
                    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                    assert shown in page.content.decode()

    assert [Problem.objects.get(pk=each.pk).state for each in (new, fixing)] == ["logged", "fixing"]


def test_html_in_subjects_reaches_inboxes_as_text_and_no_mail(
    house,
    client,
    log_problem,
    draft,  # noqa: F811
):
    """Problems, articles and followed records tell people in their inbox; none of them sends a mail."""
    problem = log_problem(title=f"Problem {NASTY}")
    problem = operations.accept(problem=problem, by=house.ines, at=AT, owner=house.tom, impact_statement=NASTY)
    operations.edit(problem=problem, by=house.ines, at=AT, values={"title": f"Known {NASTY}"})
    problem = operations.investigate(
        problem=Problem.objects.get(pk=problem.pk), by=house.ines, at=AT, approach="five_whys", investigator=house.tom
    )
    record_operations.add_watcher(record=problem, user=house.aisha, by=house.tom, at=AT)
    record_operations.reply(record=problem, by=house.aisha, at=AT, text=f"Reply {NASTY} @tom")
    record_operations.add_note(record=problem, by=house.tom, at=AT, text=f"Note {NASTY} @aisha")
    articles.submit(article=draft(title=f"Article {NASTY}"), by=house.tom, at=AT, confirm_no_duplicate=True)
    while dispatch_due(at=AT + timedelta(days=1)):
        pass

    for person in (house.tom, house.aisha):
        client.force_login(person)
        shown = client.get("/inbox/").content.decode()
        assert Notice.objects.filter(user=person).exists()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
    assert mail.outbox == []
