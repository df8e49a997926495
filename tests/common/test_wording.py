"""Other words for terms, with the grammar around them, and nothing else."""

import pytest

from common.wording import Wording, article_of

WORDS = {
    "incident": "disruption",
    "incidents": "disruptions",
    "major incident": "outage",
    "service request": "service request",
    "request": "question",
    "improvement": "opportunity for improvement",
    "improvements": "opportunities for improvement",
    "change": "modification",
    "changes": "modifications",
    "configuration": "MIR",
    "SLA": "agreement",
}


@pytest.fixture(scope="module")
def wording():
    return Wording(WORDS, unless={"change": ["change your", "will change"]}, has_articles=True)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("An incident of this service", "A disruption of this service"),
        ("raise a change from an incident", "raise a modification from a disruption"),
        ("Incidents, and each incident's team", "Disruptions, and each disruption's team"),
        ("a major incident is an incident", "an outage is a disruption"),
        ("a configuration", "an MIR"),
        ("By SLA. SLA is kept (an SLA)", "By agreement. Agreement is kept (an agreement)"),
        ("SLA", "Agreement"),
        ("an improvement; Improvements", "an opportunity for improvement; Opportunities for improvement"),
        ("a service request or a request", "a service request or a question"),
        ("an\n  incident over\n  two lines, a major\n  incident", "a\n  disruption over\n  two lines, an outage"),
        ("Change your password: it will change the change.", "Change your password: it will change the modification."),
        ("“%(incident)s”: %(count)d incidents", "“%(incident)s”: %(count)d disruptions"),
        ("{incident} {{ incident }} 100%% incident", "{incident} {{ incident }} 100%% disruption"),
        (
            '<a href="/incidents/" title="incident">incident</a> &incident; <code>an incident</code>',
            '<a href="/incidents/" title="incident">disruption</a> &incident; <code>an incident</code>',
        ),
        ("kind:incident incident.resolved /incidents/new/ incident_id",) * 2,
        ("Incident: none. Incident.", "Disruption: none. Disruption."),
        ("incidental, coincident, exchange, incident-direct",) * 2,
        ("", ""),
    ],
)  # fmt: skip
def test_terms_are_said_in_other_words_and_everything_else_stays(wording, text, read):
    assert wording.reword(text) == read


def test_without_articles_in_the_language_none_is_touched():
    assert Wording({"incident": "Ereignis"}).reword("an incident") == "an Ereignis"


def test_a_wording_without_words_says_the_same():
    assert Wording({}).reword("an incident") == "an incident"


@pytest.mark.parametrize(
    ("word", "article"),
    [
        ("incident", "an"), ("user", "a"), ("unit", "a"), ("uninstalled part", "an"), ("hour", "an"), ("house", "a"),
        ("SLA", "an"), ("UPS", "a"), ("MIR item", "an"), ("European rule", "a"), ("one-off", "a"), ("onion", "an"),
    ],
)  # fmt: skip
def test_the_article_follows_the_sound(word, article):
    assert article_of(word) == article
