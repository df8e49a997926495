"""Who speaks which words: the person's over the organization's over the installation's over ITIL 4."""

from threading import Thread

import pytest
from django.template import Context, Template
from django.utils import formats, translation
from django.utils.translation import gettext, gettext_lazy, ngettext, npgettext, pgettext

from common import speech
from people.models import User, Vocabulary
from people.vocabularies.layers import spoken_by, with_layers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabularies")]
TICKET = gettext_lazy("New ticket")


def vocabulary(slug):
    return Vocabulary.objects.get(slug=slug)


@pytest.fixture
def own(db):
    said = {
        "incident": {"one": "disruption", "many": "disruptions"},
        "problem": {"one": "cause", "many": "causes"},
    }
    return Vocabulary.objects.create(name="Ours", slug="ours", words={"en": said})


def read_by(person, text):
    with spoken_by(User.objects.get(pk=person.pk)):
        return gettext(text)


def test_the_person_goes_before_the_organization_and_that_before_the_default(house, own):
    Vocabulary.objects.filter(is_default=True).update(is_default=False)
    Vocabulary.objects.filter(slug="mof4").update(is_default=True)
    assert (read_by(house.maria, "the requester"), read_by(house.maria, "New ticket")) == ("the user", "New ticket")

    house.acme.vocabulary = own
    house.acme.save()
    assert [read_by(house.maria, text) for text in ("Incidents", "the requester")] == ["Disruptions", "the user"]

    house.maria.vocabulary = vocabulary("usm")
    house.maria.save()
    # USM says incident itself; problem is a word of the organization, requester one of USM again.
    said = [read_by(house.maria, text) for text in ("Incidents", "Problems", "the requester", "New ticket")]
    assert said == ["Incidents", "Causes", "the requester", "New call"]
    assert read_by(house.otto, "the requester") == "the user"


def test_who_chose_itil_4_reads_it_whatever_lies_beneath(house, own):
    house.acme.vocabulary = own
    house.acme.save()
    house.maria.vocabulary = vocabulary("itil4")
    house.maria.save()

    assert read_by(house.maria, "Incidents") == "Incidents"
    assert read_by(house.max, "Incidents") == "Disruptions"


def test_changed_words_are_spoken_from_the_next_request_on(house, own):
    house.maria.vocabulary = own
    house.maria.save()
    assert read_by(house.maria, "an incident") == "a disruption"

    own.words["en"]["incident"] = {"one": "outage", "many": "outages"}
    own.version += 1
    own.save()

    assert read_by(house.maria, "an incident") == "an outage"


def test_a_removed_vocabulary_and_none_at_all_speak_the_texts(house, own):
    house.maria.vocabulary = own
    house.maria.save()
    Vocabulary.objects.all().delete()

    assert read_by(house.maria, "an incident") == "an incident"


def test_the_layers_come_with_the_person_in_one_query(house, own, django_assert_num_queries):
    with django_assert_num_queries(1):
        person = with_layers(User.objects.filter(pk=house.maria.pk)).get()
    assert len(person.spoken_layers) == 1


def test_every_way_of_asking_speaks(house):
    house.maria.vocabulary = vocabulary("usm")
    house.maria.save()
    template = Template(
        '{% load i18n %}{% translate "New ticket" %}|{% blocktranslate count n=n %}{{ n }} ticket'
        "{% plural %}{{ n }} tickets{% endblocktranslate %}|{{ typed }}"
    )

    with spoken_by(house.maria):
        assert str(TICKET) == "New call"
        assert ngettext("%(count)s ticket", "%(count)s tickets", 1) == "%(count)s call"
        assert ngettext("%(count)s ticket", "%(count)s tickets", 2) == "%(count)s calls"
        assert pgettext("of a row", "a ticket") == "a call"
        assert npgettext("of a row", "ticket", "tickets", 3) == "calls"
        # What somebody typed is no text of the program.
        assert template.render(Context({"n": 2, "typed": "My ticket <b>"})) == "New call|2 calls|My ticket &lt;b&gt;"
        assert gettext("") == ""
    assert str(TICKET) == "New ticket"


def test_language_formats_and_other_threads_stay_as_they_are(house):
    house.maria.vocabulary = vocabulary("usm")
    house.maria.language = "de"
    house.maria.save()
    heard = []

    with translation.override("en"), spoken_by(house.maria):
        # No terms of German are written down: the catalogs speak alone.
        assert (translation.get_language(), speech.is_reworded()) == ("de", False)
        assert formats.number_format("1.5") == "1,5"
    house.maria.language = "en"
    with spoken_by(house.maria):
        assert (translation.get_language(), translation.get_language_bidi()) == ("en", False)
        assert formats.date_format(house.maria.joined_at, "Y") == str(house.maria.joined_at.year)
        other = Thread(target=lambda: heard.append(str(TICKET)))
        other.start()
        other.join()
        with speech.plainly():
            assert str(TICKET) == "New ticket"
        assert str(TICKET) == "New call"
    assert heard == ["New ticket"]


def test_keys_of_caches_tell_words_apart(house):
    house.maria.vocabulary = vocabulary("usm")
    house.maria.save()

    with translation.override("en"):
        plain = speech.current()
        with spoken_by(house.maria):
            assert speech.current() != plain
        assert speech.current() == plain == "en"
