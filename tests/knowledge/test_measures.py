"""Measures of knowledge: counted while things happen, and equal to a full count."""

from datetime import date

import pytest

from audit.outbox import dispatch_due
from incidents import operations as incident_operations
from knowledge import operations
from knowledge.models import Article
from measurement import declarations, queries, rebuild
from measurement.models import Reading
from measurement.periods import Range
from measurement.scope import scope_of
from tests.conftest import moment

from .conftest import AT, LATER

NIGHT = moment("2026-12-31 00:00")


def settle():
    while dispatch_due(at=NIGHT):
        pass
    while rebuild.settle_marks():
        pass


def value(name, viewer, day_from, day_to):
    span = Range(date.fromisoformat(day_from), date.fromisoformat(day_to))
    [series] = queries.series(declarations.kpi(name), span, scope_of(viewer))
    return series.total


def share(name, viewer, day_to):
    """Numerator and denominator from the first of March to this day, which is not included."""
    found = value(name, viewer, "2026-03-01", day_to)
    return found.numerator, found.denominator


@pytest.fixture
def counted(house, publish, log_incident):
    """Two articles, one of them used, voted on, read, reviewed late; one call that followed a reading."""
    rebuild.rebuild_all(at=AT)
    incident = log_incident()
    article, other = publish(), publish("internal", title="Print on both sides", source=incident)
    operations.insert(article=article, record=incident, by=house.tom, at=LATER, way="link")
    for by, helped in ((house.maria, True), (house.max, False)):
        operations.vote(article=article, by=by, at=LATER, is_helpful=helped)
        operations.note_visit(article=article, by=by, at=LATER)
    log_incident(requester=house.max, at=moment("2026-03-03 10:00"), title="Still drops")
    taken = incident_operations.take(incident=incident, by=house.tom, at=LATER)
    done = incident_operations.resolve(incident=taken, by=house.tom, at=LATER, code="fixed", text="Reset.")
    incident_operations.close(incident=done, by=house.maria, at=moment("2026-03-04 09:00"))
    operations.call_review_when_due(at=moment("2026-09-01 10:00"))
    late = Article.objects.get(pk=article.pk)
    operations.confirm(article=late, by=house.tom, at=moment("2026-09-05 10:00"), review_date=date(2027, 3, 1))
    operations.retire(
        article=Article.objects.get(pk=other.pk), by=house.aisha, at=moment("2026-10-01 10:00"), reason="Gone."
    )
    settle()
    return article


def test_following_the_acts_gives_what_a_full_count_gives(counted):
    assert rebuild.compare(heal=False) == {}
    assert {"article.reuse", "article.stock", "article.votes", "article.visits"} <= set(
        Reading.objects.values_list("family", flat=True)
    )


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("kn-reuse", (1, 1)), ("kn-helpful", (1, 2)), ("kn-deflection", (1, 2)), ("kn-contrib", (1, 1))],
)
def test_the_amounts_are_those_that_happened(house, counted, measure, expected):
    assert share(measure, house.ines, "2026-04-01") == expected


def test_the_stock_of_articles_follows_reviews_and_ends(house, counted):
    days = ("2026-03-02", "2026-03-03", "2026-09-02", "2026-10-02")

    standing = {day: share("kn-freshness", house.ines, day) for day in days}

    assert standing == {
        "2026-03-02": (0, 0),
        "2026-03-03": (2, 2),
        "2026-09-02": (1, 2),  # the other one; the first was confirmed, late
        "2026-10-02": (1, 1),
    }


@pytest.mark.parametrize("measure", ["kn-reuse", "kn-freshness", "kn-helpful", "kn-deflection", "kn-contrib"])
def test_each_measure_opens_what_stands_behind_it(client, house, counted, measure):
    client.force_login(house.ines)

    for address in (f"/kpi/{measure}/?range=2026-03-01..2026-03-31", f"/kpi/{measure}/records/"):
        assert client.get(address).status_code == 200, address
    assert "Maria" not in client.get("/kpi/kn-helpful/records/?range=2026-03-01..2026-03-31").content.decode()
