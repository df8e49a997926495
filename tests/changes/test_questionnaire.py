"""The risk questionnaire as data: each edit is a version, and scores that stand keep theirs."""

import pytest

from audit.models import Entry
from changes import operations
from changes.defaults import ensure_questions
from changes.models import Change, RiskFactor, RiskFactorVersion
from changes.queries.risk import Question, judge, questions, risk_of
from common.refusals import NotAllowed, Refused, Stale
from tests.api.conftest import as_, token_of  # noqa: F401 - the fixtures
from tests.conftest import moment

MONDAY_10 = moment("2026-03-02 10:00")
ANSWERS = {0: "light", 4: "dark"}


def write(house, **said):
    return operations.write_question(
        **{"by": house.ines, "at": MONDAY_10, "question": "How dark is it?", "answers": ANSWERS} | said
    )


def revise(factor, house, **values):
    return operations.revise_question(factor=factor, by=house.ines, at=MONDAY_10, values=values)


def asked(weight, points, raises_to=""):
    answer = None if points is None else RiskFactorAnswer(points)
    return Question("key", "Why?", "", weight, raises_to, (), answer, is_changed=False)


class RiskFactorAnswer:
    def __init__(self, points):
        self.points = points


@pytest.mark.parametrize(
    ("given", "score", "band"),
    [
        ([], None, None),
        ([asked(3, None)], None, None),
        ([asked(1, 0)], 0, "low"),
        ([asked(1, 4)], 100, "very_high"),
        # 12.5 rounds up.
        ([asked(1, 1), asked(1, 0)], 13, "low"),
        ([asked(3, 1), asked(1, 1)], 25, "moderate"),
        ([asked(1, 2)], 50, "high"),
        ([asked(9, 0), asked(1, 4, "high")], 10, "high"),
        ([asked(9, 0), asked(1, 3, "high")], 8, "low"),
        ([asked(1, 4, "low")], 100, "very_high"),
    ],
)
def test_the_score_is_the_share_of_the_points_and_some_answers_raise_the_band(given, score, band):
    risk = judge(given)

    assert (risk.score, risk.band) == (score, band)


def test_the_questions_that_ship_have_their_first_version(db):
    ensure_questions()

    assert RiskFactorVersion.objects.count() == RiskFactor.objects.count() == 10
    assert RiskFactorVersion.objects.get(factor__key="tests").document == RiskFactor.objects.get(
        key="tests"
    ).as_document()  # fmt: skip


def test_a_new_question_stands_in_the_way_of_drafts_until_it_is_answered(house, write_change):
    change = write_change()
    factor = write(house, weight=2)

    with pytest.raises(Refused, match="1 risk question is open"):
        operations.submit(change=change, by=house.aisha, at=MONDAY_10)
    operations.answer_risk(change=change, by=house.aisha, at=MONDAY_10, answers={factor.key: 4})

    change.refresh_from_db()
    # 21 of 84 points before, 8 of 8 more.
    assert (factor.key, change.risk_score) == ("how_dark_is_it", 32)


def test_another_weight_is_a_version_and_leaves_scores_that_stand(house, write_change):
    change = operations.submit(change=write_change(), by=house.aisha, at=MONDAY_10)
    factor = RiskFactor.objects.get(key="tests")
    before = risk_of(change)

    revised = revise(factor, house, weight=9, question="How well was it tried?")

    assert (revised.version, before.score) == (2, 25)
    assert risk_of(change) == before
    assert list(factor.versions.values_list("number", "document__weight", "created_by")) == [
        (2, 9, house.ines.pk), (1, 2, None),
    ]  # fmt: skip
    entry = Entry.objects.get(action="risk_question.changed")
    assert entry.changes == {
        "question": ["How well is it tested?", "How well was it tried?"], "weight": [2, 9],
    }  # fmt: skip


def test_what_was_decided_shows_the_question_of_its_day_and_a_draft_that_of_today(house, write_change):
    decided, draft = write_change(), write_change()
    Change.objects.filter(pk=decided.pk).update(state="closed")
    decided = Change.objects.get(pk=decided.pk)
    revise(RiskFactor.objects.get(key="tests"), house, weight=9, question="Tried?", answers={0: "yes", 4: "no"})

    then, today = ({each.key: each for each in questions(each)}["tests"] for each in (decided, draft))

    assert (then.question, then.weight, then.choices[0]) == ("How well is it tested?", 2, (0, "fully, like live"))
    assert (today.question, today.weight, today.choices) == ("Tried?", 2, ((0, "yes"), (4, "no")))
    assert then.is_changed
    assert today.is_changed


def test_saving_the_answers_again_takes_the_new_version(house, write_change):
    change = write_change()
    revise(RiskFactor.objects.get(key="tests"), house, weight=9)

    saved = operations.answer_risk(change=change, by=house.aisha, at=MONDAY_10, answers={"tests": 1})

    answer = saved.risk_answers.get(factor__key="tests")
    assert (answer.weight, answer.factor_version, saved.risk_score) == (9, 2, 25)
    assert not {each.key: each for each in questions(saved)}["tests"].is_changed


def test_what_raised_the_band_keeps_raising_it(house, write_change):
    change = write_change()
    change = operations.answer_risk(change=change, by=house.aisha, at=MONDAY_10, answers={"back_out": 4})

    revise(RiskFactor.objects.get(key="back_out"), house, raises_to="")

    assert risk_of(change).raised_by == ("Can it be undone in the window?",)


def test_a_question_that_is_no_longer_asked_stays_with_those_who_answered_it(house, write_change):
    change = write_change()
    factor = revise(RiskFactor.objects.get(key="tests"), house, is_active=False)

    assert factor.version == 1
    assert "tests" in {each.key for each in questions(change)}
    assert "tests" not in {each.key for each in questions(write_change(points=0))}


def test_the_same_again_is_no_version(house):
    factor = write(house)

    again = revise(factor, house, question=" How dark  is it? ", answers=dict(ANSWERS), weight=1)

    assert again.version == 1
    assert not Entry.objects.filter(action="risk_question.changed").exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"question": " "}, "Ask something"),
        ({"question": "x" * 201}, "200 characters"),
        ({"weight": 0}, "1 to 10"),
        ({"weight": 11}, "1 to 10"),
        ({"answers": {0: "only one"}}, "two answers"),
        ({"answers": {0: "one", 5: "six"}}, "0 to 4 points"),
        ({"answers": {0: "one", 4: "x" * 121}}, "120 characters"),
        ({"raises_to": "extreme"}, "Choose a risk"),
        ({"position": -1}, "30,000"),
    ],
)
def test_values_that_do_not_fit_are_refused_and_leave_nothing(house, said, words):
    with pytest.raises(Refused, match=words):
        write(house, **said)

    assert not RiskFactor.objects.filter(key="how_dark_is_it").exists()


def test_one_question_has_to_be_asked(house):
    RiskFactor.objects.all().delete()
    factor = write(house)

    with pytest.raises(Refused, match="One question at least"):
        revise(factor, house, is_active=False)


def test_only_change_managers_edit_and_nobody_overwrites(house):
    factor = write(house)

    with pytest.raises(NotAllowed):
        operations.revise_question(factor=factor, by=house.aisha, at=MONDAY_10, values={"weight": 2})
    with pytest.raises(NotAllowed):
        write(house, by=house.tom)
    revise(factor, house, weight=2)
    with pytest.raises(Stale):
        operations.revise_question(factor=factor, by=house.ines, at=MONDAY_10, values={"weight": 3}, version=1)


def form_of(factor, **said):
    return {
        "question": factor.question, "help": "", "weight": "1", "position": "100", "is_active": "on",
        "answer_0": "light", "answer_4": "dark", "version": factor.version,
    } | said  # fmt: skip


def test_the_pages_write_and_change_and_keep_what_was_typed(client, house):
    client.force_login(house.ines)
    said = {"question": "<b>Dark?</b>", "weight": "3", "position": "5", "is_active": "on", "answer_0": "a"}
    short = client.post("/changes/risk/new/", said)
    made = client.post("/changes/risk/new/", said | {"answer_4": "b"})
    factor = RiskFactor.objects.get(question="<b>Dark?</b>")
    changed = client.post(f"/changes/risk/{factor.key}/", form_of(factor, weight="4"))
    late = client.post(f"/changes/risk/{factor.key}/", form_of(factor, weight="5"))
    listed = client.get("/changes/risk/").content.decode()

    assert (short.status_code, made.status_code, changed.status_code, late.status_code) == (409, 303, 303, 409)
    assert "Give two answers at least." in short.content.decode()
    assert 'value="&lt;b&gt;Dark?&lt;/b&gt;"' in short.content.decode()
    assert "Somebody else changed this meanwhile" in late.content.decode()
    assert "&lt;b&gt;Dark?&lt;/b&gt;" in listed
    assert "<b>Dark?" not in listed
    assert RiskFactor.objects.get(pk=factor.pk).weight == 4
    assert client.get(f"/changes/risk/{factor.key}/").content.decode().count("Ines Duarte") >= 2


def test_others_read_and_customers_see_nothing(client, house):
    factor = write(house)
    client.force_login(house.tom)
    page = client.get("/changes/risk/")
    assert page.status_code == 200
    assert "Write a question" not in page.content.decode()
    assert client.get(f"/changes/risk/{factor.key}/").status_code == 403
    client.force_login(house.maria)
    assert client.get("/changes/risk/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(client, house, count, django_assert_num_queries):
    RiskFactor.objects.all().delete()
    for _each in range(count):
        write(house)
    client.force_login(house.ines)
    client.get("/changes/risk/")

    with django_assert_num_queries(4):
        page = client.get("/changes/risk/")

    assert len(page.context["factors"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_risk_of_a_change_costs_the_same_for_one_and_three_changed_questions(
    house, write_change, count, django_assert_num_queries
):
    change = write_change()
    for key in ("tests", "data", "record")[:count]:
        revise(RiskFactor.objects.get(key=key), house, weight=9)
    change = Change.objects.get(pk=change.pk)

    with django_assert_num_queries(8):
        risk_of(change)
        questions(change)


def test_rest_lists_writes_and_changes(house, as_):  # noqa: F811 - the fixture
    ines = as_(house.ines)
    body = {"question": "Dark?", "answers": [{"points": 0, "label": "no"}, {"points": 4, "label": "yes"}]}

    made = ines.post("risk-questions/", body)
    twice = ines.post("risk-questions/", body | {"answers": [body["answers"][0]] * 2})
    base = f"risk-questions/{made.json()['id']}/"
    blind = ines.patch(base, {"weight": 3})
    changed = ines.patch(base, {"weight": 3}, If_Match='"1"')

    assert (made.status_code, twice.status_code, blind.status_code, changed.status_code) == (201, 422, 428, 200)
    assert [(each["number"], each["weight"]) for each in changed.json()["versions"]] == [(2, 3), (1, 1)]
    assert changed["ETag"] == '"2"'
    assert ines.get("risk-questions/").json()["items"][-1]["key"] == "dark"
