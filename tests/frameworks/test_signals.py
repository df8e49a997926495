"""Signals: what measures that miss their targets tell, to whom, and how a false alarm is remembered."""

import pytest

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from frameworks import dismissing, notices, operations, signaling
from frameworks.models import Signal
from frameworks.raising import raise_signal
from improvement.models import Improvement
from measurement import queries
from measurement.catalog.models import Handling
from measurement.queries import Point, Series
from measurement.values import Value
from notifications.models import Notice
from people.enums import Role
from people.models import RoleGrant, User
from procedures.models import Duty
from tests.conftest import moment

AT = moment("2026-03-02 09:10")
pytestmark = pytest.mark.usefixtures("quick")


def measured(monkeypatch, number, of=100):
    """Readings that say this of the measure that listening carries."""

    def series_of(kpis, span, scope, **_more):
        values = {each.id: Value(each, number, of, days=span.days) for each in kpis}
        return {name: [Series(0, [Point(span, "", value)], value)] for name, value in values.items()}

    monkeypatch.setattr(queries, "series_of", series_of)


def test_a_missed_target_is_told_once_remembered_and_cleared(house, care, monkeypatch):
    measured(monkeypatch, 9)  # 9 % reopened, 5 % is the target
    first, second = moment("2026-03-31 21:59"), moment("2026-04-30 23:00")

    assert [signaling.look(at=first), signaling.look(at=first)] == [1, 0]
    signal = Signal.objects.get()
    assert (signal.kpi, str(signal.first_day), signal.months, signal.number) == ("inc-reopen", "2026-02-01", 1, 9.0)
    assert signaling.look(at=second) == 0
    signal.refresh_from_db()
    assert signal.months == 2
    shown = signaling.shown(house.tom)
    assert [(each.number, each.target, [str(p) for p in each.practices]) for each in shown] == [
        ("9.0%", "5.0%", ["Listening"])
    ]

    made = raise_signal(signal=signal, by=house.ines, at=second)
    with pytest.raises(Refused, match="is about this measure already"):
        raise_signal(signal=signal, by=house.ines, at=second)
    measured(monkeypatch, 2)
    signaling.look(at=moment("2026-05-31 23:00"))

    assert (made.origin, made.kpi) == ("signal", "inc-reopen")
    assert signaling.look(at=second) == 0
    assert signaling.shown(house.tom) == []
    measured(monkeypatch, 9)
    assert signaling.look(at=moment("2026-07-01 09:00")) == 1


def test_a_measure_that_no_pack_asks_for_gives_no_signal(house, care, monkeypatch):
    measured(monkeypatch, 9)
    signaling.look(at=AT)
    operations.switch_off(pack=care, by=house.ada, at=AT)

    assert signaling.look(at=AT) == 0
    assert signaling.shown(house.tom) == []
    assert not Signal.objects.filter(cleared_at=None).exists()


def told(signal):
    """Deliver what was logged of the signal, twice; who has how many lines of it."""
    for entry in Entry.objects.filter(subject_kind="practice_signal", subject_id=signal.pk).order_by("pk"):
        for _delivery in range(2):
            notices.told(entry)
    return [(each.user.username, each.why, each.text) for each in Notice.objects.order_by("user__username", "pk")]


def test_a_signal_is_told_once_to_the_owner_of_the_measure_and_leaves_with_it(house, care, monkeypatch, as_):
    Handling.objects.create(kpi="inc-reopen", owner=house.tom, target=5)
    measured(monkeypatch, 9)
    signaling.look(at=AT)
    signal = Signal.objects.get()

    lines = told(signal)
    inbox = as_(house.tom).get("/inbox/").content.decode()
    measured(monkeypatch, 2)
    signaling.look(at=moment("2026-04-02 09:00"))

    assert lines == [
        ("tom", "because you own the measure", "It missed its target: 9.0% in February 2026, wanted were 5.0%.")
    ]
    assert "wanted were 5.0%" in inbox and str(signal) in inbox
    assert "wanted were" not in as_(house.tom).get("/inbox/").content.decode()


def test_without_an_owner_those_who_answer_for_the_step_are_told(base_set, house, care, monkeypatch):
    RoleGrant.objects.create(user=house.max, role=Role.TEAM_LEAD, organization=house.acme)  # of one customer only
    retired = User.objects.create(username="gone", organization=house.provider, is_active=False)
    RoleGrant.objects.create(user=retired, role=Role.TEAM_LEAD)
    measured(monkeypatch, 9)
    signaling.look(at=AT)
    everybody = [person for person, _why, _text in told(Signal.objects.get())]
    Notice.objects.all().delete()
    RoleGrant.objects.create(user=house.tom, role=Role.TEAM_LEAD)
    for duty in Duty.objects.filter(process="recover", accountable=Role.TEAM_LEAD):
        duty.person = house.tom
        duty.save()
    named = [person for person, _why, _text in told(Signal.objects.get())]

    assert (everybody, named) == (["aisha"], ["tom"])


def test_too_few_cases_raise_no_signal_and_say_so(house, care, monkeypatch, as_):
    measured(monkeypatch, 3, of=29)

    raised = signaling.look(at=AT)
    page = as_(house.tom).get("/practices/signals/?show=little").content.decode()
    measured(monkeypatch, 3, of=30)

    assert raised == 0
    assert "10.3%" in page and ">29<" in page
    assert signaling.look(at=AT) == 1
    assert "10.0%" not in as_(house.tom).get("/practices/signals/?show=little").content.decode()


def test_a_false_alarm_is_remembered_until_it_gets_worse(base_set, house, care, monkeypatch, as_):
    measured(monkeypatch, 9)
    signaling.look(at=AT)
    signal = Signal.objects.get()
    url = f"/practices/signals/{signal.pk}/"

    blank = as_(house.ines).post(f"{url}dismissal/", {"reason": "  "})
    not_his = as_(house.tom).post(f"{url}dismissal/", {"reason": "x"})
    as_(house.ines).post(f"{url}dismissal/", {"reason": "Two <b>tests</b> were counted"})
    again = as_(house.ines).post(f"{url}dismissal/", {"reason": "x"})
    became = as_(house.ines).post(f"{url}improvement/")
    dismissed = as_(house.tom).get("/practices/signals/?show=dismissed").content.decode()

    assert [each.status_code for each in (blank, not_his, again, became)] == [422, 403, 409, 409]
    assert "Two &lt;b&gt;tests&lt;/b&gt; were counted" in dismissed and "Ines Duarte" in dismissed
    assert signaling.shown(house.tom) == []
    assert not Improvement.objects.exists()
    measured(monkeypatch, 8)
    signaling.look(at=moment("2026-04-02 09:00"))
    assert signaling.shown(house.tom) == []  # still missed, by less
    measured(monkeypatch, 12)
    signaling.look(at=moment("2026-05-02 09:00"))
    assert [each.signal.months for each in signaling.shown(house.tom)] == [3]
    assert [text for _person, _why, text in told(signal)][-1].startswith("Worse than when it was dismissed: 12.0%")


def test_a_dismissal_is_taken_back_and_what_is_being_improved_is_not_dismissed(house, care, monkeypatch, as_):
    measured(monkeypatch, 9)
    signaling.look(at=AT)
    signal = Signal.objects.get()
    dismissing.dismiss(signal=signal, by=house.aisha, at=AT, reason="Counted twice")

    back = [as_(house.ines).post(f"/practices/signals/{signal.pk}/reconsideration/").status_code for _click in range(2)]
    made = raise_signal(signal=signal, by=house.ines, at=AT)

    assert back == [302, 409]
    with pytest.raises(Refused, match=made.reference):
        dismissing.dismiss(signal=signal, by=house.ines, at=AT, reason="x")
    with pytest.raises(NotAllowed):
        dismissing.dismiss(signal=signal, by=house.otto, at=AT, reason="x")
    with pytest.raises(Refused, match="At most 300"):
        dismissing.dismiss(signal=signal, by=house.ines, at=AT, reason="x" * 301)
    assert list(Entry.objects.filter(action="practice_signal.dismissed").values_list("reason", flat=True)) == [
        "Counted twice"
    ]
